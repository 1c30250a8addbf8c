import type { Plan } from '../../plan/plan.ts';
import { siteRoot } from '../../plan/site.ts';
import { secondsSince } from '../../report/events.ts';
import type { Drill } from '../drill.ts';
import { nodeRunner } from '../shared/node-runner.ts';
import { layerChecks } from '../shared/site-layers.ts';
import { judgeWriterKilled } from './judge.ts';
import { parseSurvivor, type WriterKilledSeen } from './seen.ts';

export const sharedDiskDrill: Drill<WriterKilledSeen> = {
  name: 'shared-disk',
  about: 'cuts the power of a machine while it writes to the shared disk, and uses the disk from another one',
  checks: ['site-writer-killed'],
  needs: layerChecks,
  applies: (plan) => plan.site?.files === 'ocfs2' && machinesWithDisk(plan).length > 1,
  async perform(context) {
    const { plan, power } = context;
    const machines = machinesWithDisk(plan);
    const [survivor, writer] = [machines[0], machines.at(-1)];
    if (survivor === undefined || writer === undefined) throw new Error('a shared disk that no machine has');
    const { read } = nodeRunner(context, { drill: 'shared-disk', deadlineMs: 600_000 });
    const words = `lvs-lab-${Date.now().toString(36)}`;
    const folder = `${siteRoot}/${words}`;
    await read(writer, 'drills/shared-disk/scribble', { folder });
    await power.cut(writer);
    let start = 0;
    const look = async () => parseSurvivor(await read(survivor, 'drills/shared-disk/survivor', { folder, words }));
    const seen = await look().finally(() => {
      start = performance.now();
      return power.restore(writer);
    });
    const output = await read(writer, 'drills/shared-disk/read-back', { file: `${folder}/survivor` });
    return { writer, survivor, ...seen, readBack: output.includes(words), secondsBack: secondsSince(start) };
  },
  judge: (_plan, seen) => [judgeWriterKilled(seen)],
};

/** Machines of real servers that mount the shared disk. */
function machinesWithDisk({ realServers, site }: Plan): string[] {
  const machines = realServers.filter(({ local }) => !local).map(({ node }) => node);
  return (site?.mounts ?? []).map(({ node }) => node).filter((node) => machines.includes(node));
}

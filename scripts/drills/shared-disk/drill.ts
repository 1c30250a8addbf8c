import type { Plan } from '../../plan/plan.ts';
import { siteRoot } from '../../plan/site.ts';
import { secondsSince } from '../../report/events.ts';
import type { Drill } from '../drill.ts';
import { onNodesOf } from '../shared/on-node.ts';
import { layerChecks } from '../shared/site-layers.ts';
import { judgeWriterKilled } from './judge.ts';
import { parseSurvivor, type WriterKilledSeen } from './seen.ts';

export const sharedDiskDrill: Drill<WriterKilledSeen> = {
  name: 'shared-disk',
  about: 'cuts the power of a machine while it writes to the disk that all share, and uses the disk from another',
  checks: ['site-writer-killed'],
  needs: layerChecks,
  applies: (plan) => plan.site?.files === 'ocfs2' && sharing(plan).length > 1,
  async perform({ lab, plan, templates, power }) {
    const machines = sharing(plan);
    const [survivor = '', writer = ''] = [machines[0], machines.at(-1)];
    const onNode = onNodesOf(lab, templates, 600_000);
    const words = `lvs-lab-${Date.now().toString(36)}`;
    const folder = `${siteRoot}/${words}`;
    await onNode(writer, 'drills/shared-disk/scribble', { folder });
    await power.cut(writer);
    let start = 0;
    const look = async () => parseSurvivor(await onNode(survivor, 'drills/shared-disk/survivor', { folder, words }));
    const seen = await look().finally(() => {
      start = performance.now();
      return power.restore(writer);
    });
    const back = await onNode(writer, 'drills/shared-disk/read-back', { file: `${folder}/survivor` });
    return { writer, survivor, ...seen, read: back.includes(words), secondsBack: secondsSince(start) };
  },
  judge: (_plan, seen) => [judgeWriterKilled(seen)],
};

/** Machines of the real servers that have the shared disk. */
function sharing({ realServers, site }: Plan): string[] {
  const machines = realServers.filter(({ local }) => !local).map(({ node }) => node);
  return (site?.mounts ?? []).map(({ node }) => node).filter((node) => machines.includes(node));
}

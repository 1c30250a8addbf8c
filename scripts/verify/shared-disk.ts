import type { PlannedSite } from '../plan/plan.ts';
import { siteRoot } from '../plan/site.ts';
import type { ProvisionedLab } from '../provision/lab-states.ts';
import type { Templates } from '../render/render.ts';
import { secondsSince } from '../report/events.ts';
import type { Hands } from './hands.ts';
import { onNodesOf } from './on-node.ts';
import { parseSurvivor, type WriterKilledSeen } from './site-seen.ts';

/** Cuts the power of a machine while it writes to the disk that all share, looks at the disk from another, and starts it again. */
export async function killWriter(
  lab: ProvisionedLab,
  templates: Templates,
  site: PlannedSite,
  hands: Hands,
): Promise<WriterKilledSeen | undefined> {
  const machines = lab.plan.realServers.filter(({ local }) => !local).map(({ node }) => node);
  const sharing = site.mounts.map(({ node }) => node).filter((node) => machines.includes(node));
  const [survivor, writer] = [sharing[0], sharing.at(-1)];
  if (site.files !== 'ocfs2' || !survivor || !writer || survivor === writer) return undefined;
  const onNode = onNodesOf(lab, templates, 600_000);
  const words = `lvs-lab-${Date.now().toString(36)}`;
  const folder = `${siteRoot}/${words}`;
  await onNode(writer, 'scribble', { folder });
  await hands.kill(writer);
  let start = 0;
  const look = async () => parseSurvivor(await onNode(survivor, 'survivor', { folder, words }));
  const seen = await look().finally(() => {
    start = performance.now();
    return hands.start(writer);
  });
  const back = await onNode(writer, 'read-back', { file: `${folder}/survivor` });
  return { writer, survivor, ...seen, read: back.includes(words), secondsBack: secondsSince(start) };
}

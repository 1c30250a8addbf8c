import type { Exercise } from '../../scripts/exercise/exercise.ts';
import { noProgress } from '../../scripts/exercise/points.ts';
import { type Submission, type SubmittedNode, submissionOf } from '../../scripts/exercise/submission.ts';
import { tableOf } from '../../scripts/ipvs/rules.ts';
import { tableFacts } from '../../scripts/state/sources/ipvs.ts';
import type { Variant } from '../exercise/made.ts';

type Difference = SubmittedNode['differences'][number];

/** Work that nobody has done, as it would be handed in, and what it is worth. */
export interface Synthetic {
  exercise: string;
  title: string;
  points: number;
  nodes(variant: Variant): SubmittedNode[];
}

const on = (node: string, differences: Difference[]): SubmittedNode => ({ node, unread: [], differences });

/** The table that the plan of first-service has: what a student is to make. */
function table({ plan }: Variant, change: (value: string) => string, wanted: (key: string) => boolean): SubmittedNode {
  const facts = tableFacts(plan.services.map(tableOf), plan).filter(({ key }) => wanted(key));
  return on(
    'director',
    facts.map(({ section, key, value }) => ({ section, key, after: change(value) })),
  );
}

const same = (value: string) => value;
const all = () => true;

const vip = ({ plan }: Variant): Difference => {
  return { section: 'address', key: `lo ${plan.services[0]?.vip}/32`, after: 'scope global' };
};
const quiet: Difference[] = [
  { section: 'sysctl', key: 'net.ipv4.conf.all.arp_ignore', before: '0', after: '1' },
  { section: 'sysctl', key: 'net.ipv4.conf.all.arp_announce', before: '0', after: '2' },
];

/** Whole, half and wrong work of two exercises. */
export const synthetic: readonly Synthetic[] = [
  { exercise: 'first-service', title: 'all', points: 10, nodes: (variant) => [table(variant, same, all)] },
  {
    exercise: 'direct-routing',
    title: 'all',
    points: 10,
    nodes: (variant) => ['rs1', 'rs2'].map((rs) => on(rs, [vip(variant), ...quiet])),
  },
  {
    exercise: 'first-service',
    title: 'the service alone',
    points: 3,
    nodes: (variant) => [table(variant, same, (key) => !key.includes(' -r '))],
  },
  {
    exercise: 'direct-routing',
    title: 'every real server answers ARP',
    points: 4,
    nodes: (variant) => ['rs1', 'rs2'].map((rs) => on(rs, [vip(variant)])),
  },
  {
    exercise: 'first-service',
    title: 'the weights of all are 1',
    points: 7,
    nodes: (variant) => [table(variant, (value) => value.replace(/-w \d+/, '-w 1'), all)],
  },
  {
    exercise: 'direct-routing',
    title: 'one real server',
    points: 0,
    nodes: (variant) => [on('rs1', [vip(variant), ...quiet])],
  },
  {
    exercise: 'first-service',
    title: 'another method',
    points: 6,
    nodes: (variant) => [table(variant, (value) => value.replace('-g', '-m'), all)],
  },
  { exercise: 'direct-routing', title: 'nothing', points: 0, nodes: () => [] },
];

export function handedIn(exercise: Exercise, nodes: SubmittedNode[]): Submission {
  return submissionOf(exercise, noProgress, nodes);
}

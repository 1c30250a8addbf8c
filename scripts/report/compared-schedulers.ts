import { type Change, changes, doubled, type Moves, type SchedulerFigures } from '../comparison/schedulers.ts';
import { countOf } from '../count-of.ts';
import { columns } from './columns.ts';
import type { Look } from './output.ts';

/** What was compared, for the report. */
export interface SchedulerComparison {
  weights: readonly number[];
  connections: number;
  vips: number;
  seed: number;
  figures: readonly SchedulerFigures[];
}

/** Two tables: how even the load is, and how many clients a change of the real servers moves. */
export function schedulersText(compared: SchedulerComparison, look: Look): string {
  const { figures, weights, connections, vips } = compared;
  const without = figures.filter(({ moves }) => moves === null).map(({ scheduler }) => scheduler);
  const to = vips === 1 ? 'one VIP' : `${number(vips)} VIPs`;
  const what = `${number(connections)} connections to ${to}, ${countOf(weights.length, 'real server')}, weights ${weightsText(weights)}`;
  return [
    `  ${what}`,
    balanceTable(compared, look),
    '  imbalance: standard deviation of connections / weight, as part of the mean.\n  idlest, busiest: a real server’s connections; 1 is its share by weight.',
    ...(without.length < figures.length
      ? [
          movesTable(compared, look),
          '  Clients that come back after the change and get another real server or are\n  refused (✗). In brackets: the least that any scheduler must move or refuse.\n  Open connections stay where they are: IPVS has an entry for each.',
        ]
      : []),
    ...(without.length > 0
      ? [`  Without moves: ${without.join(', ')}. They do not tie a client to a real server.`]
      : []),
  ].join('\n\n');
}

function balanceTable({ figures }: SchedulerComparison, { paint, width }: Look): string {
  const head = ['scheduler', 'imbalance', 'idlest', 'busiest', 'refused'].map((word) => paint('bold', word));
  const rows = figures.map((one) => [
    nameOf(one),
    percent(one.imbalance, 2),
    one.idlest.toFixed(2),
    one.busiest.toFixed(2),
    number(one.refused),
  ]);
  return columns([head, ...rows], { width });
}

function movesTable({ figures, weights, connections }: SchedulerComparison, { paint, width }: Look): string {
  const head = ['scheduler', ...changes.map((change) => changeText(change, weights))].map((word) =>
    paint('bold', word),
  );
  const rows = figures.flatMap((one) =>
    one.moves ? [[nameOf(one), ...one.moves.map((moves) => movesText(moves, connections))]] : [],
  );
  return columns([head, ...rows], { width });
}

function changeText(change: Change, weights: readonly number[]): string {
  const [first = 0] = weights;
  const texts: Record<Change, string> = {
    leaves: 'rs1 leaves',
    joins: `rs${weights.length + 1} joins`,
    weight: `weight ${first} → ${doubled(first)}`,
    drained: `weight ${first} → 0`,
  };
  return texts[change];
}

/** `88.4 % (6.2)`, `✗ 6.2 % (6.2)` */
function movesText({ moved, refused, needed }: Moves, connections: number): string {
  const parts = [
    ...(moved > 0 || refused === 0 ? [percent(moved / connections, 1)] : []),
    ...(refused > 0 ? [`✗ ${percent(refused / connections, 1)}`] : []),
  ];
  return `${parts.join(' ')} (${((100 * needed) / connections).toFixed(1)})`;
}

/** A row for each scheduler. */
export function schedulersRows({ figures, connections }: SchedulerComparison): (string | number | null)[][] {
  const head = ['scheduler', 'flags', 'connections', 'refused', 'imbalance', 'idlest', 'busiest'];
  const parts = ['moved', 'refused', 'needed'] as const;
  const rows = figures.map(({ scheduler, flags, refused, imbalance, idlest, busiest, moves }) => [
    ...[scheduler, flags.join(' '), connections, refused, imbalance, idlest, busiest],
    ...changes.flatMap((change) => {
      const found = moves?.find((one) => one.change === change);
      return parts.map((part) => found?.[part] ?? null);
    }),
  ]);
  return [[...head, ...changes.flatMap((change) => parts.map((part) => `${change}_${part}`))], ...rows];
}

function nameOf({ scheduler, flags }: SchedulerFigures): string {
  return [scheduler, ...flags].join(' ');
}

function weightsText(weights: readonly number[]): string {
  const [first] = weights;
  if (weights.every((weight) => weight === first)) return `all ${first}`;
  return weights.join(', ');
}

const percent = (share: number, digits: number) => `${(100 * share).toFixed(digits)} %`;
const number = (value: number) => value.toLocaleString('en');

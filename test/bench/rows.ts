import { ratio, slope } from './numbers.ts';

/** The median of what was measured on one side, by its name. */
export type Median = (what: string) => number | undefined;

export interface Row {
  /** As `--rows` takes it; `dr` also chooses `dr-machines`. */
  name: string;
  label: string;
  unit: 's' | 'MiB' | 'share';
  /** What is brought up for it: a lab, lab dr with so many real servers, or `nothing`, lab nat in an empty cache. */
  visits: string[];
  /** Of one side, in `unit`. */
  figure: (median: Median) => number | undefined;
}

const dr = 'run dr';

const fixed: readonly Row[] = [
  row('dr', 'lab run dr', ['dr'], 'run dr'),
  row('dr-machines', '  machines', ['dr'], 'machines dr'),
  row('dr-scripts', '  scripts', ['dr'], 'scripts dr'),
  row('dr-checks', '  checks', ['dr'], 'checks dr'),
  row('nat', 'lab run nat', ['nat'], 'run nat'),
  row('tun', 'lab run tun', ['tun'], 'run tun'),
  row('again', 'lab run dr, again', ['dr'], 'again dr'),
  row('verify', 'lab verify dr', ['dr'], 'verify dr'),
  row('reset', 'lab reset dr rs1', ['dr'], 'reset dr'),
  row('down', 'lab down dr', ['dr'], 'down dr'),
  row('memory', 'private memory, largest', ['dr'], 'largest memory dr', 'MiB'),
  share('load-dr', 'lab load dr / run dr', ['dr'], (median) => ratio(median('load dr'), median(dr))),
  row('web', 'lab run web', ['web'], 'run web'),
  share('load-web', 'lab load web / run web', ['web'], (median) => ratio(median('load web'), median('run web'))),
  share('further', 'each one more / lab run dr', ['dr', '16'], (median) =>
    ratio(slope({ count: 2, value: median(dr) }, { count: 16, value: median('run 16') }), median(dr)),
  ),
];

const nothing = row('nothing', 'lab run nat, from nothing', ['nothing'], 'run nothing');

function row(name: string, label: string, visits: string[], what: string, unit: Row['unit'] = 's'): Row {
  return { name, label, unit, visits, figure: (median) => median(what) };
}

function share(name: string, label: string, visits: string[], figure: Row['figure']): Row {
  return { name, label, unit: 'share', visits, figure };
}

/** How long `lab run dr` takes with more real servers, and what memory that needs. */
function crowd(count: string): Row[] {
  return [
    row(count, `lab dr, ${count} real servers`, [count], `run ${count}`),
    row(`${count}-memory`, '  private memory of all', [count], `all memory ${count}`, 'MiB'),
  ];
}

/** Names that `--rows` takes, beside numbers of real servers. */
export const rowNames: readonly string[] = [...fixed, nothing].map(({ name }) => name);

export function isCrowd(name: string): boolean {
  return /^[1-9]\d?$/.test(name) && Number(name) <= 64;
}

/** Rows of these names, in the order in which they are printed. */
export function rowsOf(names: readonly string[]): Row[] {
  const crowds = [...new Set(names.filter(isCrowd))].sort((a, b) => Number(a) - Number(b));
  const all = [...fixed, ...crowds.flatMap(crowd), nothing];
  return all.filter((one) => names.some((name) => one.name === name || one.name.startsWith(`${name}-`)));
}

import type { Bug } from '../experiment/bug.ts';
import type { BugVerdict } from '../experiment/trial.ts';
import type { Changes } from '../providers/kernels/changelog.ts';
import { byVersion, type DebianKernel } from '../providers/kernels/debian-kernel.ts';
import { columns } from '../report/columns.ts';
import type { Paint } from '../report/output.ts';

/** A kernel on which the bug was looked for. */
export interface Tried {
  kernel: DebianKernel;
  verdict: BugVerdict;
  /** Why nothing is known. */
  why: string | null;
}

/** What a search among kernels has found. */
export interface Bisected {
  /** How many there were, with both ends. */
  kernels: number;
  /** In the order in which they were tried. */
  tried: Tried[];
  /** The last that does not have the bug, on the way to the bad end. */
  good: DebianKernel;
  /** The first that has it. */
  bad: DebianKernel;
  /** Kernels between the two of which nothing is known. */
  skipped: DebianKernel[];
  changes: Changes[];
}

export function bisectText({ title }: Pick<Bug, 'title'>, bisected: Bisected, paint: Paint): string {
  const { tried, skipped } = bisected;
  const rows = tried.map(({ kernel, verdict, why }, at) => [
    String(at + 1),
    kernel.version,
    kernel.name,
    why === null ? verdict : `skipped: ${why}`,
  ]);
  return [
    '',
    `  ${paint('bold', title)}`,
    '',
    columns([['', 'kernel', 'uname -r', ''], ...rows]),
    '',
    `  ${stepWords(bisected)}`,
    ...(skipped.length > 0
      ? [`  Of ${skipped.map(({ version }) => version).join(', ')}, which are between them, nothing is known.`]
      : []),
    '',
    ...changesText(bisected),
    '',
  ].join('\n');
}

/** The older of both, and the newer one. */
export function inTime({ good, bad }: Pick<Bisected, 'good' | 'bad'>): [older: DebianKernel, newer: DebianKernel] {
  return byVersion(good, bad) < 0 ? [good, bad] : [bad, good];
}

function stepWords(bisected: Bisected): string {
  const [older, newer] = inTime(bisected);
  return newer === bisected.bad
    ? `The bug came after ${older.version}: ${newer.version} is the first that has it.`
    : `The bug went after ${older.version}: ${newer.version} is the first without it.`;
}

function changesText(bisected: Bisected): string[] {
  const [older, newer] = inTime(bisected);
  const { changes } = bisected;
  const between = `from ${older.debian} to ${newer.debian}`;
  if (changes.length === 0) return [`  Debian’s changelog says nothing of IPVS ${between}.`];
  return [
    `  What Debian’s changelog says of IPVS ${between}:`,
    ...changes.flatMap(({ version, lines }) => [`  ${version}`, ...lines.map((line) => `    ${line}`)]),
  ];
}

import type { FigurePair } from '../comparison/against.ts';
import { columns } from './columns.ts';
import type { Look } from './output.ts';

/** Two numbers agree if they differ by no more than this part of the earlier one. */
export const agreement = 0.02;

/** How the numbers of two comparisons agree; those that do not are listed, the largest difference first. */
export function againText(pairs: readonly FigurePair[], file: string, { paint, width }: Look): string {
  const title = `  ${paint('bold', `Against ${file}`)}`;
  if (pairs.length === 0) return `${title}\n\n  The two comparisons have no lab in common.`;
  const apart = pairs.filter(({ difference }) => difference > agreement).sort((a, b) => b.difference - a.difference);
  const agree = `  ${pairs.length - apart.length} of ${pairs.length} numbers differ by 2 % or less.`;
  if (apart.length === 0) return `${title}\n\n${agree}`;
  const head = ['lab', 'number', 'then', 'now', 'difference'].map((word) => paint('bold', word));
  const rows = apart.map(({ lab, what, before, value, difference }) => [
    lab,
    what,
    ...[before, value].map((one) => one.toLocaleString('en', { maximumFractionDigits: 1 })),
    Number.isFinite(difference) ? `${(difference * 100).toFixed(1)} %` : 'from 0',
  ]);
  return [title, `${agree} The others:`, columns([head, ...rows], { width })].join('\n\n');
}

import { columns } from '../../scripts/report/columns.ts';
import type { Reading } from './readings.ts';
import type { Result } from './results.ts';
import type { Row } from './rows.ts';

const missing = '–';

/** How a ratio is written: ours as a part of theirs, or how many times longer theirs takes. */
export type RatioStyle = 'part' | 'times';

/** A table of at most 80 columns. */
export function comparisonTable(
  results: readonly Result[],
  [ours, theirs]: readonly [string, string],
  style: RatioStyle,
): string {
  return columns(
    [
      ['', ours, theirs, 'ratio', 'goal', 'met', 'CPU'],
      ...results.map(({ label, unit, goal = '', met, ...one }) => [
        label,
        figureText(one.ours.value, unit),
        figureText(one.theirs.value, unit),
        ratioText(one.ratio, style),
        goal,
        met === undefined ? '' : met ? 'yes' : 'no',
        unit === 'MiB' ? '' : ratioText(one.cpuRatio, style),
      ]),
    ],
    { width: 80 },
  );
}

/** Of one side alone. */
export function figuresTable(results: readonly Result[]): string {
  return columns(
    [
      ['', 'median', 'CPU'],
      ...results.map(({ label, unit, ours }) => [
        label,
        figureText(ours.value, unit),
        unit === 'MiB' ? '' : figureText(ours.cpu, unit),
      ]),
    ],
    { width: 80 },
  );
}

/** One measurement, for whoever watches. */
export function readingText({ value, cpu }: Reading, unit: Row['unit']): string {
  return figureText(value, unit) + (cpu === undefined ? '' : `, CPU ${figureText(cpu, unit)}`);
}

export function figureText(value: number | undefined, unit: Row['unit']): string {
  if (value === undefined) return missing;
  if (unit === 'MiB') return value < 9999.5 ? `${Math.round(value)} MiB` : `${(value / 1024).toFixed(1)} GiB`;
  if (unit === 'share') return value.toFixed(2);
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} s`;
}

function ratioText(ratio: number | undefined, style: RatioStyle): string {
  if (ratio === undefined) return missing;
  return style === 'part' ? ratio.toFixed(2) : `× ${(1 / ratio).toFixed(ratio > 0.1 ? 1 : 0)}`;
}

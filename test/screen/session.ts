import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/host/paths.ts';
import { readCast, withoutWaits } from './cast.ts';
import { type Frame, framesOf } from './frames.ts';
import { cell, rowOf, terminalSvg } from './terminal-svg.ts';

export const sessionFile = join(projectRoot, 'test/recorded/session.cast');

/** Seconds: the longest wait, the time for which only its end is shown, and how long the last frame stays. */
const times = { wait: 3, step: 0.15, end: 8 };

/** docs/session.svg: what `npm run record` recorded, as a film. Who wants less motion gets its last picture alone. */
export async function session(): Promise<string> {
  const cast = withoutWaits(readCast(await readFile(sessionFile, 'utf8')), times.wait);
  const frames = await framesOf(cast, times.step);
  return filmSvg(frames, cast.columns, cast.rows);
}

/** The frames lie below each other, and the strip moves up from one to the next. A row that several frames have is there once. */
function filmSvg(frames: readonly Frame[], columns: number, rows: number): string {
  const height = rows * cell.height;
  const last = frames.length - 1;
  const seconds = (frames[last]?.at ?? 0) + times.end;
  const known = new Map<string, string>();
  const strip = frames.flatMap((frame, at) => [
    `<g transform="translate(0 ${at * height})">`,
    ...frame.rows.flatMap((row, index) => {
      if (row.length === 0) return [];
      const drawn = rowOf(row, 0).join('');
      const id = known.get(drawn) ?? `r${known.size}`;
      known.set(drawn, id);
      return [`  <use href="#${id}" y="${index * cell.height}"/>`];
    }),
    '</g>',
  ]);
  const moments = frames.map(
    ({ at }, index) => `${((100 * at) / seconds).toFixed(2)}% { transform: translateY(${-index * height}px) }`,
  );
  return terminalSvg({
    columns,
    rows,
    title: 'A lab is broken and mended in a terminal',
    description: describe(frames),
    style: [
      `.film { transform: translateY(${-last * height}px) }`,
      '@media (prefers-reduced-motion: no-preference) {',
      `  .film { animation: film ${seconds.toFixed(1)}s step-end infinite }`,
      '}',
      `@keyframes film { ${moments.join(' ')} }`,
    ],
    content: [
      '<defs>',
      ...[...known].map(([drawn, id]) => `  <g id="${id}">${drawn}</g>`),
      '</defs>',
      '<g class="film">',
      ...strip.map((line) => `  ${line}`),
      '</g>',
    ],
  });
}

/** Every line that was shown, in the order in which it first was; without lines that were only progress. */
function describe(frames: readonly Frame[]): string {
  const lines = frames.flatMap(({ rows }) => rows.map((row) => row.map(({ text }) => text).join(' ')));
  return [...new Set(lines)].filter((line) => line !== '' && !line.startsWith('…')).join('\n');
}

import test from 'ava';
import { curvesOf, type Measured, ways } from '../../scripts/comparison/growth.ts';
import { growthRows, growthText } from '../../scripts/report/compared-growth.ts';
import { csvText } from '../../scripts/report/csv.ts';

const costs = {
  ipvs: () => 200_000,
  rules: ({ size }: { size: number }) => 210_000 + 1_500 * size,
  map: () => 212_000,
};

/** Three rounds, of which one is a percent above and one a percent below. */
const measured: Measured[] = [0.99, 1, 1.01].flatMap((wobble) =>
  [
    ...[2, 4, 8, 16].map((size) => ({ axis: 'servers' as const, size })),
    ...[1, 3, 10, 30, 100].map((size) => ({ axis: 'services' as const, size })),
  ].flatMap(({ axis, size }) =>
    ways.map((way) => {
      const instructions = wobble * costs[way](axis === 'services' ? { size } : { size: 1 });
      return { axis, size, way, instructions };
    }),
  ),
);

test('growth is a table for each thing that grows, with a law for each way, and fits a screen', (t) => {
  const text = growthText(curvesOf(measured), 3, { paint: (_, word) => word, width: 80 });
  for (const line of text.split('\n')) t.true(line.length <= 80, line);
  t.regex(text, /With the number of services\n\n {2}services +ipvs +rules +map\n {2}1 +200,000 +211,500 +212,000\n/);
  t.regex(text, / {2}growth +none to be seen +\+ 1,500 for each service +none to be seen\n/);
  t.regex(text, /looks the service up in a map\.\n\n {2}Rounds differ from these medians by 1\.0 % at most\./);
});

test('growth as rows has every point with its spread and its law', (t) => {
  const rows = csvText(growthRows(curvesOf(measured)))
    .trimEnd()
    .split('\n');
  t.is(rows.length, 1 + 3 * (4 + 5));
  t.regex(
    rows.find((row) => row.startsWith('services,rules,100,')) ?? '',
    /^services,rules,100,360000,356400,363600,linear,(1500|1499\.9)/,
  );
});

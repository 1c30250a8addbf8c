import { type Axis, axes, type Curve, ways } from '../comparison/growth.ts';
import type { Law } from '../comparison/law.ts';
import { columns } from './columns.ts';
import type { Look } from './output.ts';

const axisTitles: Record<Axis, string> = {
  servers: 'With the entries of a service',
  services: 'With the number of services',
};

const axisUnits: Record<Axis, { one: string; many: string }> = {
  servers: { one: 'entry', many: 'entries' },
  services: { one: 'service', many: 'services' },
};

/** A table for each thing that grows: instructions for a request, by size and way, and the law of each way. */
export function growthText(curves: readonly Curve[], rounds: number, look: Look): string {
  return [
    ...axes.map((axis) =>
      axisTable(
        curves.filter((one) => one.axis === axis),
        axis,
        look,
      ),
    ),
    [
      '  Instructions of the director for a request by a new connection. ipvs: NAT by',
      '  IPVS. rules: nft with a rule for each service. map: nft with one rule that',
      `  looks the service up in a map.\n\n  ${rounds === 1 ? 'There was one round.' : spreadText(curves)}`,
    ].join('\n'),
  ].join('\n\n');
}

function axisTable(curves: readonly Curve[], axis: Axis, { paint, width }: Look): string {
  const sizes = curves[0]?.points.map(({ size }) => size) ?? [];
  const head = [axisUnits[axis].many, ...ways].map((word) => paint('bold', word));
  const rows = sizes.map((size, at) => [
    number(size),
    ...ways.map((way) => {
      const spread = curves.find((one) => one.way === way)?.points[at]?.instructions;
      return spread ? number(spread.median) : '–';
    }),
  ]);
  const laws = ways.map((way) => {
    const law = curves.find((one) => one.way === way)?.law;
    return law ? lawText(law, axisUnits[axis].one) : '–';
  });
  return `  ${paint('bold', axisTitles[axis])}\n\n${columns([head, ...rows, ['growth', ...laws]], { width })}`;
}

/** How far single rounds are from the medians of all. */
function spreadText(curves: readonly Curve[]): string {
  const parts = curves.flatMap(({ points }) =>
    points.map(({ instructions: { median, least, most } }) => Math.max(most - median, median - least) / median),
  );
  return `Rounds differ from these medians by ${(100 * Math.max(0, ...parts)).toFixed(1)} % at most.`;
}

/** `none`, `+ 120 for each service`, `+ 3,000 for each doubling`. */
function lawText({ name, slope }: Law, unit: string): string {
  if (name === 'constant') return 'none to be seen';
  return `+ ${number(slope)} for each ${name === 'linear' ? unit : 'doubling'}`;
}

/** Rows for a spreadsheet. */
export function growthRows(curves: readonly Curve[]): (string | number)[][] {
  return [
    ['grows', 'way', 'size', 'instructions', 'least', 'most', 'law', 'slope', 'residual'],
    ...curves.flatMap(({ axis, way, points, law }) =>
      points.map(({ size, instructions: { median, least, most } }) => [
        ...[axis, way, size, median, least, most, law.name, law.slope, law.residual],
      ]),
    ),
  ];
}

function number(value: number): string {
  return Math.round(value).toLocaleString('en');
}

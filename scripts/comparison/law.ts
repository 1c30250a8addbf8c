/** A measured value: how large the work was, and what it took. */
export interface Point {
  size: number;
  value: number;
}

/**
 * How a value grows with the size of the work. `constant`: value = base. `logarithmic`: base + slope × log2 size, so slope is what each
 * doubling adds. `linear`: base + slope × size. `residual` is the root mean square of what the law leaves, as a part of the mean.
 */
export interface Law {
  name: 'constant' | 'logarithmic' | 'linear';
  base: number;
  slope: number;
  residual: number;
}

/** What two measurements of the same differ by without a reason, as a part of their value. */
const noise = 0.05;

/**
 * The law that points follow, by least squares. It is constant if no value is farther from the mean than noise; otherwise the one that
 * leaves less. A value that becomes smaller grows by no law that costs anything, so it is constant as well.
 */
export function lawOf(points: readonly Point[]): Law {
  const values = points.map(({ value }) => value);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const constant: Law = { name: 'constant', base: mean, slope: 0, residual: residualOf(points, mean, () => mean) };
  const sizes = new Set(points.map(({ size }) => size));
  if (sizes.size < 3 || values.every((value) => Math.abs(value - mean) <= noise * mean)) return constant;
  const fits = [fitted('linear', points, mean, (size) => size), fitted('logarithmic', points, mean, Math.log2)];
  const [best = constant] = fits.sort((one, other) => one.residual - other.residual);
  return best.slope > 0 ? best : constant;
}

/** The value that a law foretells. */
export function valueBy({ name, base, slope }: Law, size: number): number {
  if (name === 'constant') return base;
  return base + slope * (name === 'linear' ? size : Math.log2(size));
}

function fitted(name: Law['name'], points: readonly Point[], mean: number, scale: (size: number) => number): Law {
  const scaled = points.map(({ size, value }) => ({ x: scale(size), value }));
  const middle = scaled.reduce((sum, { x }) => sum + x, 0) / scaled.length;
  const width = scaled.reduce((sum, { x }) => sum + (x - middle) ** 2, 0);
  const slope = scaled.reduce((sum, { x, value }) => sum + (x - middle) * (value - mean), 0) / width;
  const base = mean - slope * middle;
  return { name, base, slope, residual: residualOf(points, mean, (size) => base + slope * scale(size)) };
}

function residualOf(points: readonly Point[], mean: number, by: (size: number) => number): number {
  const squares = points.reduce((sum, { size, value }) => sum + (value - by(size)) ** 2, 0);
  return Math.sqrt(squares / points.length) / Math.abs(mean || 1);
}

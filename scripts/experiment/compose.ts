import { stringify } from 'yaml';
import { LabFileError, type Problem } from '../errors.ts';
import { sorted } from '../model/reading/all-problems.ts';
import type { Path, Source } from '../model/reading/source.ts';
import type { LabMap, Variant } from './experiment.ts';

/** Maps are merged, everything else is replaced. */
export function merged(base: LabMap, change: LabMap): LabMap {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(change)) {
    const before = base[key];
    result[key] = isMap(before) && isMap(value) ? merged(before, value) : value;
  }
  return result;
}

function isMap(value: unknown): value is LabMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of the lab file with what a variant changes. */
export function labText(base: LabMap, { kernel, change }: Pick<Variant, 'kernel' | 'change'>): string {
  return stringify(merged(base, { ...change, ...(kernel && { kernel }) }));
}

/**
 * A mistake of a composed lab, at the line of the experiment that it comes from: what is changed, else what is in the lab.
 * @param places of `change` and `lab`, the first that has the key counts
 */
export function inExperiment(error: LabFileError, file: string, source: Source, places: readonly Path[]): LabFileError {
  const place = (problem: Problem): Problem => {
    const inside = pathOf(problem.path);
    const home =
      places.find((one) => valueAt(source.value, [...one, ...inside.slice(0, 1)]) !== undefined) ?? places[0];
    return { ...problem, line: source.lineOf([...(home ?? []), ...inside]) };
  };
  return new LabFileError(file, sorted(error.problems.map(place)));
}

/** `service.real_servers[1].name` */
function pathOf(text: string): Path {
  return [...text.matchAll(/[^.[\]]+/g)].map(([part]) => (/^\d+$/.test(part) ? Number(part) : part));
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (holder, key) =>
      isMap(holder) || Array.isArray(holder) ? (holder as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Expectation } from '../../scripts/experiment/experiment.ts';
import { stepsOf } from '../../scripts/experiment/experiment.ts';
import { projectRoot } from '../../scripts/host/paths.ts';

export async function mapOfLab(name: string): Promise<Record<string, unknown>> {
  return parse(await readFile(join(projectRoot, 'labs', `${name}.yaml`), 'utf8'));
}

/** An expectation as it is written. */
export function expecting(yaml: string): Expectation {
  const [step] = stepsOf([{ send: {}, see: [parse(yaml)] }], []);
  const [one] = step?.expectations ?? [];
  if (!one) throw new Error(yaml);
  return one.expectation;
}

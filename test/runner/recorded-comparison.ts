import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MethodFigures } from '../../scripts/comparison/methods.ts';
import { projectRoot } from '../../scripts/host/paths.ts';

/**
 * What `lab compare NAME… --json` printed, for docs/comparison.md. To record it anew, write a new document into the file, and run
 * npm run docs. Only its labs are read.
 */
export async function recordedComparison(): Promise<MethodFigures[]> {
  const text = await readFile(join(projectRoot, 'test/recorded/comparison.json'), 'utf8');
  return (JSON.parse(text) as { labs: MethodFigures[] }).labs;
}

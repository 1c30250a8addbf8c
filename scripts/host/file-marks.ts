import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Size and date of a file, or of all files in a folder, with their paths: equal while nothing was built anew. A missing one has none. */
export async function fileMarks(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return [];
  if (!found.isDirectory()) return [`${path} ${found.size} ${found.mtimeMs}`];
  const entries = await readdir(path, { withFileTypes: true });
  // The links build and source of a folder of modules lead to a kernel's tree.
  const own = entries.filter((one) => !one.isSymbolicLink()).map(({ name }) => join(path, name));
  return (await Promise.all(own.sort().map(fileMarks))).flat();
}

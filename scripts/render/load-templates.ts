import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Templates } from './render.ts';

/** Reads all templates below a folder: name without ending → text. */
export async function loadTemplates(folder: string): Promise<Templates> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.hbs')).sort();
  const entries = files.map(async (file): Promise<[string, string]> => {
    return [file.slice(0, -'.hbs'.length), await readFile(join(folder, file), 'utf8')];
  });
  return new Map(await Promise.all(entries));
}

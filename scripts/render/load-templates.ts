import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Templates } from './render.ts';

/**
 * Reads every template. The key is its path without ending: `templates/director/vip.hbs` is `director/vip`, and a template
 * that lies beside its code, `scripts/backends/http/serve.hbs`, is `backends/http/serve`.
 * @param project the folder that holds package.json
 */
export async function loadTemplates(project: string): Promise<Templates> {
  const folders = ['templates', 'scripts'].map((folder) => templatesBelow(join(project, folder)));
  return new Map((await Promise.all(folders)).flat());
}

/** Reads one template by its name. */
export async function loadTemplate(project: string, name: string): Promise<string> {
  const folder = name.startsWith('backends/') ? 'scripts' : 'templates';
  return readFile(join(project, folder, `${name}.hbs`), 'utf8');
}

async function templatesBelow(folder: string): Promise<[name: string, text: string][]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.hbs')).sort();
  return Promise.all(
    files.map(async (file): Promise<[string, string]> => {
      return [file.slice(0, -'.hbs'.length), await readFile(join(folder, file), 'utf8')];
    }),
  );
}

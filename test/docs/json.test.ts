import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { run } from '../../scripts/host/exec.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { documents } from './markdown.ts';

/** Commands that need no machine. */
const commands: [schema: string, ...words: string[]][] = [
  ['error', 'render', 'nothing'],
  ['list', 'list'],
  ['simulate', 'simulate', 'wrr', '--weights', '2,1'],
  ['render', 'render', 'dr'],
  ['import', 'import', 'rules.txt'],
  ['down', 'down', '--all', '--dry-run'],
  ['status', 'status'],
  ['image-list', 'image', 'list'],
];

const folder = await mkdtemp(join(tmpdir(), 'lab-json-'));
await writeFile(join(folder, 'rules.txt'), '-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 1\n');
const page = (await documents()).find(({ file }) => file === 'docs/json.md')?.text ?? '';
test.after.always(() => removeTree(folder));

for (const [schema, ...words] of commands) {
  test(`what lab ${words.join(' ')} --json prints has the fields that docs/json.md tells of`, async (t) => {
    const { section, example } = sectionOf(`lvs-lab/${schema}/`);
    const args = [join(projectRoot, 'bin/lab.js'), ...words, '--json'];
    const env = { XDG_CACHE_HOME: join(folder, 'cache'), XDG_RUNTIME_DIR: '' };
    const { stdout } = await run(process.execPath, args, { cwd: folder, env, anyExitCode: true });
    const printed = fieldsOf(JSON.parse(stdout));
    const told = fieldsOf(example);
    for (const field of [...printed].filter((one) => !one.endsWith('[]'))) {
      t.true(told.has(field) || section.includes(`\`${field.split('.').at(-1)}\``), `${field} is not told`);
    }
    // What a list without rows would have cannot be seen.
    const empty = [...printed].filter((field) => field.endsWith('[]'));
    for (const field of told) {
      const hidden = empty.some((list) => field.startsWith(list.slice(0, -2)));
      t.true(printed.has(field) || hidden, `${field} is not there`);
    }
  });
}

/** The section about a schema, whatever its number, and its example. */
function sectionOf(schema: string): { section: string; example: unknown } {
  const section = page.split(/^## /m).find((text) => text.startsWith(schema)) ?? '';
  const [, json = ''] = /```json\n(.*?)```/s.exec(section) ?? [];
  return { section, example: JSON.parse(json) };
}

/** `labs.name`: the fields of a document and of all maps in it; a list without maps has `[]` behind its name. */
function fieldsOf(value: unknown, path = ''): Set<string> {
  if (Array.isArray(value)) {
    const rows = value.flatMap((one) => [...fieldsOf(one, path)]);
    return new Set(value.length === 0 ? [`${path}[]`] : rows);
  }
  if (typeof value !== 'object' || value === null) return new Set();
  return new Set(
    Object.entries(value).flatMap(([key, inner]) => {
      const name = path ? `${path}.${key}` : key;
      return [name, ...fieldsOf(inner, name)];
    }),
  );
}

import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import { parse } from 'yaml';
import { readBatch } from '../scripts/batch/batch.ts';
import { program } from '../scripts/cli/program.ts';
import { exerciseReader } from '../scripts/exercise/exercise.ts';
import { readExperiment } from '../scripts/experiment/read.ts';
import { listExercises } from '../scripts/host/exercise-files.ts';
import { listLabFiles } from '../scripts/host/lab-files.ts';
import { projectRoot } from '../scripts/host/paths.ts';
import { parseLab } from '../scripts/model/parse.ts';
import { schemaKeys } from './docs/lab-file.ts';
import { labFileKeys } from './docs/lab-file-keys.ts';
import { labOfExample, labWith } from './docs/lab-file-proof.ts';
import { anchors, documents, links } from './docs/markdown.ts';
import { pages } from './docs/pages.ts';
import { objectionTo, typedCommands } from './docs/typed.ts';

const all = await documents();

for (const { file, make } of pages) {
  test(`${file} is what the code makes of it; npm run docs writes it`, async (t) => {
    const present = await readFile(join(projectRoot, file), 'utf8');
    t.is(present, await make(present));
  });
}

test('every key of a lab file has an example, and no example is of a key that is not there', (t) => {
  const keys = schemaKeys().map(({ path }) => path);
  const sysctl = /^ipvs\.sysctls\./;
  t.deepEqual(Object.keys(labFileKeys).sort(), keys.filter((path) => !sysctl.test(path)).sort());
});

test('the example of a key has that key, and is part of a lab that is accepted', (t) => {
  for (const [path, row] of Object.entries(labFileKeys)) {
    t.true(row.example.includes(`${path.split('.').at(-1)}:`), path);
    t.notThrows(() => labOfExample(row), path);
  }
});

test('the default of a key makes the same lab as no key at all, and the value of its example another one', (t) => {
  for (const { path, usual } of schemaKeys()) {
    const row = labFileKeys[path];
    const value = usual ?? (row?.default === undefined ? undefined : parse(row.default));
    if (!row || value === undefined) continue;
    const without = labWith(path, row);
    t.deepEqual(labWith(path, row, value), without, path);
    if (path !== 'real_servers.gateway') t.notDeepEqual(labOfExample(row), without, path);
  }
});

test('each key of a lab file is required, or has a default, or has a text on the lab without it', (t) => {
  for (const { path, required, usual } of schemaKeys()) {
    const row = labFileKeys[path];
    if (!row) continue;
    const told = [required, usual !== undefined, row.default !== undefined, row.without !== undefined].filter(
      Boolean,
    ).length;
    t.is(told, 1, path);
  }
});

test('each lab, each experiment, each exercise and each batch in a document is accepted', (t) => {
  for (const { file, text } of all) {
    for (const [, yaml = ''] of text.matchAll(/^```yaml\n(.*?)^```/gms)) {
      const names = { name: 'example', file };
      t.notThrows(() => {
        if (/^jobs:/m.test(yaml)) return readBatch(yaml, names);
        if (/^tasks:/m.test(yaml)) return exerciseReader(yaml, names)({ course: '', student: 'Ada' });
        return /^steps:/m.test(yaml) ? readExperiment(yaml, names) : parseLab(yaml, names);
      }, `${file}: ${yaml}`);
    }
  }
});

test('each link leads to a file, and to a heading where it names one', async (t) => {
  for (const { file, text } of all) {
    for (const link of links(text)) {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? file : join(dirname(file), path);
      await t.notThrowsAsync(access(join(projectRoot, target)), `${file}: ${link}`);
      if (anchor === undefined) continue;
      const there = anchors(await readFile(join(projectRoot, target), 'utf8'));
      t.true(there.includes(anchor), `${file}: ${link}`);
    }
  }
});

test('each file of the project that a document names is there', async (t) => {
  for (const { file, text } of all) {
    for (const [, path = ''] of text.matchAll(/`((?:test|scripts|templates|bin)\/[\w./-]+)`/g)) {
      // A word in capitals stands for any name.
      if (/[A-Z]{3}/.test(path)) continue;
      await t.notThrowsAsync(access(join(projectRoot, path)), `${file}: ${path}`);
    }
  }
});

test('the index of the documents names each of them', (t) => {
  const index = all.find(({ file }) => file === 'docs/README.md')?.text ?? '';
  const named = links(index);
  for (const { file } of all.filter((one) => /^docs\/(?!README)[^/]+$/.test(one.file))) {
    t.true(named.includes(file.replace('docs/', '')), file);
  }
});

test('each npm script that a document names is there', async (t) => {
  const { scripts } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')) as { scripts: object };
  for (const { file, text } of all) {
    for (const [, name = ''] of text.matchAll(/npm run (?!-)([a-z][\w:-]*)/g))
      t.true(name in scripts, `${file}: ${name}`);
  }
});

test('each command in a document is one that the command line takes', async (t) => {
  const commands = all.flatMap(({ file, text }) => typedCommands(text).map((typed) => ({ file, typed })));
  t.true(commands.length > 100);
  for (const { file, typed } of commands)
    t.is(objectionTo(await program(), typed), undefined, `${file}: lab ${typed.words}`);
});

test('each lab that a command in a document names is there', async (t) => {
  // The lab of an exercise has its name.
  const known = [...(await listLabFiles()).keys(), ...(await listExercises()).keys()];
  const lab = await program();
  for (const { file, text } of all) {
    for (const typed of typedCommands(text)) {
      const words = typed.words.split(' ');
      const [name] = words.filter((word) => !word.startsWith('-')).slice(words[0] === 'rules' ? 2 : 1);
      const takesName = lab.commands.find((one) => one.name() === words[0])?.registeredArguments[0]?.name() === 'NAME';
      if (name === undefined || !(takesName || words[0] === 'rules')) continue;
      // It compares schedulers, of no lab.
      if (words.includes('--schedulers')) continue;
      // A person's own file, or a word for any.
      if (/^[[A-Z]|[./]|^mine$/.test(name)) continue;
      t.true(known.includes(name), `${file}: lab ${typed.words}`);
    }
  }
});

test('docs/architecture.md names every folder of scripts/, and every package that package.json does', async (t) => {
  const text = all.find(({ file }) => file === 'docs/architecture.md')?.text ?? '';
  const entries = await readdir(join(projectRoot, 'scripts'), { withFileTypes: true });
  for (const { name } of entries.filter((entry) => entry.isDirectory()))
    t.true(text.includes(`| \`${name}/\` |`), name);
  const { dependencies = {}, devDependencies } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8'));
  const names = Object.keys({ ...dependencies, ...devDependencies });
  for (const name of names) t.true(text.includes(name), name);
});

test('docs/json.md has every schema of the code and no other, each with an example', async (t) => {
  const text = all.find(({ file }) => file === 'docs/json.md')?.text ?? '';
  const headings = [...text.matchAll(/^## (\S+)$/gm)].map(([, name = '']) => name);
  const examples = [...text.matchAll(/^```json\n(.*?)^```/gms)].map(([, json = '']) => JSON.parse(json).schema);
  const sources = await codeOf('scripts');
  const inCode = [...sources.matchAll(/'(lvs-lab\/[a-z-]+\/\d+)'/g)].map(([, name = '']) => name);
  t.deepEqual([...headings].sort(), [...new Set(inCode)].sort());
  t.deepEqual(examples, headings);
});

test('each message that docs/troubleshooting.md quotes is a message of the kit', async (t) => {
  const text = all.find(({ file }) => file === 'docs/troubleshooting.md')?.text ?? '';
  const rows = [...text.matchAll(/^\| [\d, ]+ \| ([^|]+) \|/gm)].map(([, cell = '']) => cell);
  const quoted = rows.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, message = '']) => message));
  t.true(quoted.length > 10);
  const sources = await codeOf('scripts');
  for (const message of quoted) {
    for (const part of message.split(/…|\bN\b|\S+:\d+:/)) t.true(sources.includes(part.trim()), `${message}: ${part}`);
  }
});

async function codeOf(folder: string): Promise<string> {
  const files = (await readdir(join(projectRoot, folder), { recursive: true })).filter((file) => file.endsWith('.ts'));
  return (await Promise.all(files.map((file) => readFile(join(projectRoot, folder, file), 'utf8')))).join('\n');
}

test('the README is short, and the pictures are small and have a text that describes them', async (t) => {
  const readme = all.find(({ file }) => file === 'README.md')?.text ?? '';
  t.true(readme.split('\n').length <= 111);
  for (const file of links(readme).filter((link) => link.endsWith('.svg'))) {
    const picture = await readFile(join(projectRoot, file), 'utf8');
    const film = picture.includes('@keyframes');
    t.true(Buffer.byteLength(picture) < (film ? 60_000 : 20_000), file);
    t.regex(picture, /<title id="title">[^<]{10,}<\/title>/, file);
    t.regex(picture, /<desc id="desc">[^<]{100,}<\/desc>/, file);
  }
});

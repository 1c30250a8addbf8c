// Compiles the command with the libraries that it uses into dist/, which then needs no node_modules and starts in a fifth of a
// second. npm runs this file as `prepare`: after `npm ci` in a checkout, before `npm pack`, and where somebody installs the kit
// from its repository.
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const project = import.meta.dirname;
const compiled = join(project, 'dist');

/** Whether dist/ was made of the sources as they are. Their contents are not read: dates and sizes tell, and quicker. */
export function isFresh() {
  const record = join(compiled, 'sources.json');
  return existsSync(record) && readFileSync(record, 'utf8') === sources();
}

/** Each source with its size and date. */
function sources() {
  const scripts = readdirSync(join(project, 'scripts'), { recursive: true }).map((name) => `scripts/${name}`);
  const names = [...scripts.filter((name) => name.endsWith('.ts')), 'build.js', 'package-lock.json'];
  const facts = names.sort().map((name) => {
    // An editor's lock may be a link that leads nowhere.
    const found = statSync(`${project}/${name}`, { throwIfNoEntry: false });
    return [name, found?.size, found?.mtimeMs];
  });
  return JSON.stringify(facts);
}

/** Compiles the command, unless that is done. */
export async function build() {
  if (isFresh()) return;
  const { build: bundle } = await import('esbuild').catch(() => {
    throw new Error('esbuild is missing, a devDependency: npm ci without --omit=dev');
  });
  const record = sources();
  const draft = mkdtempSync(`${compiled}.`);
  try {
    const { metafile } = await bundle({
      absWorkingDir: project,
      entryPoints: ['scripts/cli/main.ts'],
      outdir: draft,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      banner: { js: commonJs },
      // Compiled C, which ssh2 does without.
      external: ['cpu-features', '*.node'],
      // The names of errors are printed.
      keepNames: true,
      plugins: [withoutLocales],
      metafile: true,
      logLevel: 'warning',
    });
    writeFileSync(join(draft, 'LICENSES.txt'), licences(Object.keys(metafile.inputs)));
    writeFileSync(join(draft, 'sources.json'), record);
    putInPlace(draft);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Two builds at a time make the same: the first one counts, because commands may run from it already. */
function putInPlace(draft) {
  while (!isFresh()) {
    rmSync(compiled, { recursive: true, force: true });
    try {
      renameSync(draft, compiled);
      return;
    } catch (error) {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    }
  }
}

/** What libraries in CommonJS expect to be there: they ask for Node's own modules by require. */
const commonJs = `import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url);
const __dirname = import.meta.dirname;`;

/** zod's messages in fifty languages, of which the kit uses English. */
const withoutLocales = {
  name: 'without-locales',
  setup({ onLoad }) {
    onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

/** The licences of the libraries that are compiled in, which ask to be passed on with them. */
function licences(inputs) {
  const folders = inputs.flatMap((path) => /^.*node_modules\/(@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? []);
  const libraries = [...new Set(folders)].sort().map((path) => {
    const folder = join(project, path);
    const { name, version, license, licenses } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const texts = readdirSync(folder)
      .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
      .map((file) => readFileSync(join(folder, file), 'utf8').trim());
    return { name, version, license: license ?? licenses[0].type, texts };
  });
  const parts = libraries.map(({ name, version, license, texts }) => {
    return [`${name} ${version} (${license})`, ...texts].join('\n\n');
  });
  return `${[whole(libraries), ...parts].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** What holds for all of it together. Apache-2.0 asks for what version 2 of the GPL does not allow, and version 3 does. */
function whole(libraries) {
  const apache = libraries.filter(({ license }) => license === 'Apache-2.0').map(({ name }) => name);
  return `The files of this folder are lvs-lab (GPL-2.0-or-later) compiled together with the
libraries below. The code of ${apache.join(' and ')} is under Apache-2.0, so the whole is
distributed under GPL-3.0-or-later: see LICENSE.GPL-3.`;
}

if (process.argv[1] === import.meta.filename) await build();

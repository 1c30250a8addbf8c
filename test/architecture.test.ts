import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import test from 'ava';
import { backendNames } from '../scripts/backends/index.ts';
import { commands } from '../scripts/commands/index.ts';
import { projectRoot } from '../scripts/host/paths.ts';
import { providerNames } from '../scripts/providers/index.ts';

const root = join(projectRoot, 'scripts');

/** Every source file with what it imports, static or not. */
async function sources(): Promise<{ file: string; text: string; imports: string[] }[]> {
  const files = (await readdir(root, { recursive: true })).filter((file) => file.endsWith('.ts'));
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(root, file), 'utf8');
      const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, target = '']) => target);
      return { file, text, imports };
    }),
  );
}

const all = await sources();

/** A path below scripts/ for a relative import, the name itself for a package. */
function target(file: string, imported: string): string {
  return imported.startsWith('.') ? relative(root, resolve(root, dirname(file), imported)) : imported;
}

/** Folders that touch nothing outside: same input, same output. */
const pure = [
  'backends/',
  'faults/',
  'model/',
  'import/',
  'plan/',
  'ipvs/',
  'render/',
  'checks/',
  'state/',
  'firewall/',
  'capture/',
  'comparison/',
  'path/',
  'page/',
  'experiment/',
  'exercise/',
  'batch/',
  'grading/',
];
/** Drills do things; what they saw, and what is judged of it, is pure. */
const pureOfDrills = /^drills\/\w[\w-]*\/([\w-]*seen|judge[\w-]*|hints|load-requests)\.ts$/;
/** What a live page shows of what directors print, and what its buttons can ask for. */
const pureOfWatch = /^watch\/(look|state|wish)\.ts$/;
const isPure = (file: string) =>
  pure.some((folder) => file.startsWith(folder)) ||
  [pureOfDrills, pureOfWatch, providerFacts].some((pattern) => pattern.test(file));
/** What is known of providers before they do anything: plain values, which pure code may ask. */
const providerFacts = /^providers\/(index|provider-info|suitable|(image|kernels)\/parts|[\w-]+\/info)\.ts$/;
const exceptions = ['render/load-templates.ts'];
const impure =
  /^node:(fs|child_process|net|http|os|process)|^(node-ssh|ssh2|execa|zx)|^(host|remote|providers|provision|tracking|cli|commands|actions)\//;

/** What each file imports and runs at once. Types leave nothing behind at run time. */
const graph = new Map(
  all.map(({ file, text }) => {
    const values = [...text.matchAll(/^(?:import|export) (?!type)[^;]*?from '([^']+)'/gm)].map(([, one = '']) => one);
    return [file, values.map((one) => target(file, one))];
  }),
);

test('pure folders import no files, processes, sockets or anything that has them', (t) => {
  for (const { file, imports } of all.filter((one) => isPure(one.file))) {
    if (exceptions.includes(file)) continue;
    t.deepEqual(
      imports.map((one) => target(file, one)).filter((one) => impure.test(one) && !providerFacts.test(one)),
      [],
      file,
    );
  }
});

for (const [name, file] of [
  ['node-ssh', 'remote/remote.ts'],
  ['execa', 'host/exec.ts'],
] as const) {
  test(`${name} is imported in one file`, (t) => {
    t.deepEqual(
      all.filter(({ imports }) => imports.includes(name)).map((one) => one.file),
      [file],
    );
  });
}

test('only the wrapper, and the script that installs missing parts, start processes', (t) => {
  const users = all.filter(({ imports }) => imports.some((one) => one === 'node:child_process' || one === 'zx'));
  t.deepEqual(
    users.map(({ file }) => file),
    ['host/setup.ts'],
  );
});

test('LVS code knows nothing of QEMU, and providers know nothing of LVS', (t) => {
  for (const { file, imports } of all) {
    const targets = imports.map((one) => target(file, one));
    if (file.startsWith('providers/')) {
      t.deepEqual(
        targets.filter((one) => /^(ipvs|verify|drills|checks|provision|remote)\//.test(one)),
        [],
        file,
      );
    }
    if (/^(backends|faults|ipvs|verify|drills|checks|provision|render|plan|model)\//.test(file)) {
      t.deepEqual(
        targets.filter((one) => one.startsWith('providers/qemu')),
        [],
        file,
      );
    }
  }
});

test('no code outside scripts/providers/ names a provider, or imports more of one than its facts', (t) => {
  const named = new RegExp(`['"\`](${providerNames.join('|')})['"\`]`);
  // Images, templates and boxes are what `lab image` is about.
  const aboutImages = ['actions/image.ts', 'actions/stored-images.ts'];
  for (const { file, text, imports } of all.filter((one) => !one.file.startsWith('providers/'))) {
    t.deepEqual(
      text.split('\n').filter((line) => named.test(line)),
      [],
      file,
    );
    if (aboutImages.includes(file)) continue;
    const targets = imports.map((one) => target(file, one)).filter((one) => one.startsWith('providers/'));
    t.deepEqual(
      targets.filter((one) => providerNames.some((name) => one.startsWith(`providers/${name}/`))),
      [],
      file,
    );
  }
});

test('no code outside scripts/backends/ names a backend, or has a table of them', (t) => {
  const named = new RegExp(`'(${backendNames.join('|')})'`);
  for (const { file, text, imports } of all.filter((one) => !one.file.startsWith('backends/'))) {
    t.deepEqual(
      text.split('\n').filter((line) => named.test(line) || /Record<Backend(Name)?,|\bbackend [!=]== '/.test(line)),
      [],
      file,
    );
    const targets = imports.map((one) => target(file, one)).filter((one) => one.startsWith('backends/'));
    t.deepEqual(
      targets.filter((one) => /^backends\/(shelf\.ts$|(?!shared\/)[\w-]+\/)/.test(one)),
      [],
      file,
    );
  }
});

test('code outside scripts/faults/ takes faults only from the list', (t) => {
  for (const { file, imports } of all.filter((one) => !one.file.startsWith('faults/'))) {
    t.deepEqual(
      imports
        .map((one) => target(file, one))
        .filter((one) => /^faults\/(?!(index|fault|symptom|choose|reported)\.ts$)/.test(one)),
      [],
      file,
    );
  }
});

test('nothing is measured or waited for by a clock that jumps', (t) => {
  const users = all.filter(({ text }) => /\bDate\.now\(/.test(text)).map(({ file }) => file);
  // A guest's own clock, and words and ports that differ from one look to the next.
  const others = [
    'drills/failover/directors.ts',
    'drills/shared-disk/drill.ts',
    'drills/site/drill.ts',
    'evidence/gather.ts',
    'verify/observe.ts',
  ];
  t.deepEqual(users.sort(), [...others, 'providers/qemu/clone.ts'].sort());
});

test('a command that reads a lab file names the lab by labArgument, which knows the path that was typed', (t) => {
  for (const { file, text } of all) t.is(text.match(/\blab (up|run|render) \$\{(?!labArgument\()/), null, file);
});

test('only report/output.ts writes to the terminal', (t) => {
  const writers = all
    .filter(({ text }) => /\bconsole\.\w+\(|process\.(stdout|stderr)\.write/.test(text))
    .map(({ file }) => file);
  t.deepEqual(writers.sort(), ['report/output.ts', 'report/sinks.ts']);
});

test('only drills, which build on checks, import a check; others see the shelf as a whole', (t) => {
  const ofOneCheck =
    /^checks\/([\w-]+\/[\w-]+|(?!check|check-kind|effect|hint|index|judge|observations|pace)[\w-]+)\.ts$/;
  for (const { file, imports } of all.filter((one) => !/^(checks|drills)\//.test(one.file))) {
    const targets = imports.map((one) => target(file, one));
    t.deepEqual(
      targets.filter((one) => ofOneCheck.test(one) && !one.startsWith('checks/looks/')),
      [],
      file,
    );
  }
});

test('a drill does not reach into verify, which runs it', (t) => {
  for (const { file, imports } of all.filter((one) => one.file.startsWith('drills/'))) {
    t.deepEqual(
      imports.map((one) => target(file, one)).filter((one) => one.startsWith('verify/')),
      [],
      file,
    );
  }
});

test('a check imports no drill, no fault and nothing of how machines are looked at', (t) => {
  for (const { file, imports } of all.filter((one) => one.file.startsWith('checks/'))) {
    t.deepEqual(
      imports.map((one) => target(file, one)).filter((one) => /^(drills|faults|verify|report)\//.test(one)),
      [],
      file,
    );
  }
});

test('help is quick: the command line and the grammars load no library but Commander', (t) => {
  const loaded = new Set<string>();
  const visit = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const next of graph.get(file) ?? []) visit(next);
  };
  for (const file of graph.keys()) if (/^(cli|commands)\//.test(file)) visit(file);
  t.deepEqual(
    [...loaded].filter((one) => !one.endsWith('.ts') && !one.startsWith('node:')),
    ['commander'],
  );
  t.deepEqual(
    [...loaded].filter((one) => one.startsWith('actions/')),
    [],
    'actions are loaded when they are called',
  );
});

test('every folder of scripts/backends but the shared one is a backend of that name, on the shelf', (t) => {
  const folders = all.flatMap(({ file }) => /^backends\/([\w-]+)\//.exec(file)?.[1] ?? []);
  t.deepEqual([...backendNames, 'shared'].sort(), [...new Set(folders)].sort());
});

test('every file of scripts/commands is a line of its index', (t) => {
  const files = all.flatMap(({ file }) => /^commands\/(?!index)([\w-]+)\.ts$/.exec(file)?.[1] ?? []);
  t.deepEqual(Object.keys(commands).sort(), files.sort());
});

test('there is no import cycle', (t) => {
  const done = new Set<string>();
  const visit = (file: string, path: string[]): void => {
    if (path.includes(file)) t.fail([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file) || path.includes(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  t.pass();
});

import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { tryScript } from '../scripts/actions/try-config.ts';
import { echoScript } from '../scripts/diagnosis/echoes/script.ts';
import { commandsOf } from '../scripts/faults/fault.ts';
import { faults } from '../scripts/faults/index.ts';
import { run } from '../scripts/host/exec.ts';
import { removeTree } from '../scripts/host/files.ts';
import { projectRoot } from '../scripts/host/paths.ts';
import { loadTemplates } from '../scripts/render/load-templates.ts';
import { renderer } from '../scripts/render/render.ts';
import { print } from '../scripts/report/output.ts';
import { allLabs, drillTexts, planOf, scriptsOf, warmScriptsOf } from './render/golden.ts';
import { lookScripts } from './render/look-scripts.ts';
import { stateScripts } from './state/scripts.ts';
import { ensureTools } from './tools.ts';
import { trackingTexts } from './tracking/samples.ts';

await ensureTools({ shellcheck: 'shellcheck' });

// Every shell script of the kit, as it reaches a node, through shellcheck.
const folder = await mkdtemp(join(tmpdir(), 'lab-shellcheck-'));
const files: string[] = [];

const seen = new Set<string>();

/** Scripts that differ in addresses and numbers alone are one script. */
async function put(name: string, text: string): Promise<void> {
  const shape = text.replace(/\b[0-9a-f]{2}(:[0-9a-f]{2}){5}\b|\b[0-9a-f]*:[0-9a-f:]+\b|\d+/g, '0');
  if (seen.has(shape)) return;
  seen.add(shape);
  const file = join(folder, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  files.push(file);
}

for (const name of await allLabs()) {
  const plan = await planOf(name);
  for (const { node, file, text } of await scriptsOf(plan)) await put(`${name}/${node}/${file}`, text);
  for (const { name: file, text } of await warmScriptsOf(plan)) await put(`${name}/${file}.sh`, text);
}
for (const name of await allLabs()) {
  const plan = await planOf(name);
  const places = faults.flatMap((fault) => fault.places(plan));
  const commands = places.flatMap(({ make, mend = [], witness }) => {
    const all = [...commandsOf([...make, ...mend]), witness, ...(witness.first ? [witness.first] : [])];
    // Each runs by itself, in a shell of its own.
    return all.map(({ run }) => `(\n:\n${run}\n)`);
  });
  await put(`faults/${name}.sh`, `${[...new Set(commands)].join('\n')}\n`);
}
for (const lab of await allLabs()) {
  for (const { name, text } of await lookScripts(lab)) await put(`looks/${lab}/${name}.sh`, text);
}
for (const lab of await allLabs()) {
  for (const { name, text } of await stateScripts(lab)) await put(`state/${lab}/${name}.sh`, text);
}
const render = renderer(await loadTemplates(projectRoot));
for (const lab of await allLabs()) await put(`echoes/${lab}.sh`, echoScript(render, await planOf(lab)));
for (const { name, text } of await drillTexts()) await put(`verify/${name}.sh`, text);
for (const { name, text } of await trackingTexts()) await put(`${name}.sh`, text);
await put(
  'trials/hold.sh',
  render({
    template: 'trials/hold',
    context: { state: '/run/held', address: '192.168.1.3', port: 80, patience: 5, ports: '20001 20002' },
  }),
);
await put('try-config.sh', tryScript('main'));
for (const file of await readdir(join(projectRoot, 'templates'), { recursive: true })) {
  if (file.endsWith('.sh')) files.push(join(projectRoot, 'templates', file));
}
files.push(join(projectRoot, 'bin/complete.sh'));

const cores = availableParallelism();
const shares = Array.from({ length: cores }, (_, core) => files.filter((_, at) => at % cores === core));
const results = await Promise.all(
  shares.map((share) => run('shellcheck', ['--shell=sh', ...share], { anyExitCode: true })),
);
print(`${results.map(({ stdout, stderr }) => stdout + stderr).join('')}${files.length} scripts`);
await removeTree(folder);
process.exitCode = Math.max(...results.map(({ code }) => code));

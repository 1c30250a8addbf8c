#!/usr/bin/env node
// Starts the command. It is compiled; in a checkout whose sources have changed since, they are run by tsx as they are.
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const project = dirname(import.meta.dirname);

refuse(placeProblem());
// Before the first file is written: what the kit keeps is its user's alone.
process.umask(0o077);
const { main } = await load();
await main(process.argv);
// What was printed must have arrived before the exit code can be trusted.
await new Promise((resolve) => process.stdout.write('', resolve));
// Nothing that was left open, a connection or a timer, keeps a command from ending.
process.exit();

async function load() {
  const isCheckout = existsSync(join(project, 'build.js'));
  if (!isCheckout || (await import('../build.js')).isFresh()) return import('../dist/main.js');
  const tsx = await import('tsx/esm/api').catch(() => undefined);
  if (!tsx) refuse({ message: `no packages are installed in ${project}`, tryThis: `cd ${project} && npm ci` });
  tsx.register();
  return import('../scripts/cli/main.ts');
}

/** What Node and tsx would only say with a stack trace. */
function placeProblem() {
  try {
    process.cwd();
  } catch {
    return { message: 'the current folder is not there any more', tryThis: 'cd to another' };
  }
  try {
    accessSync(tmpdir(), constants.W_OK | constants.X_OK);
    if (statSync(tmpdir()).isDirectory()) return undefined;
  } catch {
    // said below
  }
  const name = ['TMPDIR', 'TMP', 'TEMP'].find((one) => process.env[one]) ?? 'TMPDIR';
  return { message: `${name}: ${tmpdir()} is not a folder that can be used`, tryThis: `unset ${name}` };
}

function refuse(problem) {
  if (!problem) return;
  if (process.argv.includes('--json')) {
    const error = { name: 'MissingPartError', ...problem, exitCode: 4 };
    process.stdout.write(`${JSON.stringify({ schema: 'lvs-lab/error/1', error }, null, 2)}\n`);
  }
  process.stderr.write(`${problem.message}\n  try:          ${problem.tryThis}\n`);
  process.exit(4);
}

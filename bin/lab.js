#!/usr/bin/env node
// The command line is TypeScript; it runs compiled where that can be kept, else by tsx as it is.
import { accessSync, constants, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { compiledProgram, removeCompiled } from './compiled.js';

const problem = placeProblem();
if (problem) {
  if (process.argv.includes('--json')) {
    const error = { name: 'MissingPartError', ...problem, exitCode: 4 };
    process.stdout.write(`${JSON.stringify({ schema: 'lvs-lab/error/1', error }, null, 2)}\n`);
  }
  process.stderr.write(`${problem.message}\n  try:          ${problem.tryThis}\n`);
  process.exit(4);
}
// Before the first file is written: what the kit keeps is its user's alone.
process.umask(0o077);
const { main } = await load();
await main(process.argv);
// What was printed must have arrived before the exit code can be trusted.
await new Promise((resolve) => process.stdout.write('', resolve));
// Nothing that was left open, a connection or a timer, keeps a command from ending.
process.exit();

async function load() {
  const compiled = await compiledProgram(dirname(import.meta.dirname));
  if (compiled) {
    process.setSourceMapsEnabled(true);
    const program = await import(compiled).catch(() => ({}));
    if (program.main) return program;
    removeCompiled(compiled);
  }
  const { register } = await import('tsx/esm/api');
  // tsx inspects every module that is loaded after it, which triples the time of the large packages; they are JavaScript,
  // so the commands that start or reach machines load them before.
  if (['run', 'up', 'verify', 'reset'].includes(process.argv[2])) {
    await Promise.all(['execa', 'node-ssh', 'handlebars'].map((name) => import(name)));
  }
  register();
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

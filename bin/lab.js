#!/usr/bin/env node
// Starts the command as compiled into dist/. In a checkout whose sources are newer than that, tsx runs the sources.
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const project = dirname(import.meta.dirname);

refuse(placeProblem());
// Every file that the kit writes is private to its user.
process.umask(0o077);
const { main } = await load();
await main(process.argv);
// Wait until all output is written; otherwise the end of it can be lost.
await new Promise((resolve) => process.stdout.write('', resolve));
// End now, even if a connection or a timer is still open.
process.exit();

async function load() {
  const isCheckout = existsSync(join(project, 'build.js'));
  if (!isCheckout || (await import('../build.js')).isFresh()) return import('../dist/main.js');
  const tsx = await import('tsx/esm/api').catch(() => undefined);
  if (!tsx) refuse({ message: `npm’s packages are missing in ${project}`, tryThis: `cd ${project} && npm ci` });
  tsx.register();
  return import('../scripts/cli/main.ts');
}

/** What Node and tsx would report with a stack trace only. */
function placeProblem() {
  try {
    process.cwd();
  } catch {
    return { message: 'the current folder was removed', tryThis: 'cd to another folder' };
  }
  try {
    accessSync(tmpdir(), constants.W_OK | constants.X_OK);
    if (statSync(tmpdir()).isDirectory()) return undefined;
  } catch {
    // reported below
  }
  const name = ['TMPDIR', 'TMP', 'TEMP'].find((one) => process.env[one]) ?? 'TMPDIR';
  return { message: `${name}: ${tmpdir()} is not a folder that can be written to`, tryThis: `unset ${name}` };
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

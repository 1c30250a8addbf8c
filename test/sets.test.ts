import { execFile } from 'node:child_process';
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { removeTree } from '../scripts/host/files.ts';
import { projectRoot } from '../scripts/host/paths.ts';
import { listed, type MachinePart, machineParts, sets } from './sets.ts';

/** What the files of machine tests declare; none of it runs. They make folders of their own when they are loaded. */
async function allDeclared() {
  const folder = await mkdtemp(join(tmpdir(), 'lab-sets-'));
  const env = { ...process.env, TMPDIR: folder, LAB_TEST_SET: 'none' };
  const args = ['--import=tsx', 'test/print-declared.ts'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: projectRoot, env });
  await removeTree(folder);
  const found: { part: MachinePart; title: string }[] = JSON.parse(stdout);
  return found.map(({ part, title }) => ({ part, title, line: listed(part, title) }));
}

const declared = await allDeclared();

test('each test on real machines is named by a line of test/sets.ts', (t) => {
  t.true(declared.length > 150);
  for (const { part, title } of declared.filter(({ line }) => !line)) {
    t.fail(`a new test? add a line to test/sets.ts: core('${part}', '${title}', WHY) or rest(…)`);
  }
});

test('each line of test/sets.ts gives a reason, and names a test that no earlier line names', (t) => {
  for (const line of sets) {
    t.true(
      declared.some((one) => one.line === line),
      `the line "${line.title}" of ${line.part} names no test, or only tests that lines above it name: change or remove it`,
    );
    t.true(line.why.length > 0, `the line "${line.title}" of ${line.part} gives no reason`);
  }
});

test('a line for a whole part is its only one: elsewhere each test has a line, so none is forgotten', (t) => {
  for (const { part } of sets.filter(({ title }) => title === '*')) {
    t.is(sets.filter((line) => line.part === part).length, 1, `lines of ${part}`);
  }
});

test('the core has every fault of the labs services, ftp, sctp, ipv6-dr, tun-gue and localnode', (t) => {
  for (const name of ['services', 'ftp', 'sctp', 'ipv6-dr', 'tun-gue', 'localnode']) {
    const faults = declared.filter(({ title }) => title.startsWith(`lab ${name}, fault: `));
    t.true(faults.length > 0, name);
    for (const { line } of faults) t.is(line?.where, 'core', name);
  }
});

test('each file of tests on machines is a part', async (t) => {
  for (const folder of ['test/e2e', 'test/vagrant']) {
    const files = (await readdir(join(projectRoot, folder))).filter((file) => file.endsWith('.test.ts'));
    const known = Object.values(machineParts).filter((file) => file.startsWith(folder));
    for (const file of files.map((name) => `${folder}/${name}`)) {
      t.true(
        known.some((one) => one === file),
        `${file} is in no part: add it to machineParts in test/sets.ts`,
      );
    }
    t.is(known.length, files.length);
  }
});

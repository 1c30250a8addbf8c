import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { removeTree } from '../scripts/host/files.ts';
import { projectRoot } from '../scripts/host/paths.ts';
import { machineParts, sets } from './sets.ts';

/** What the files of machine tests declare; none of it runs. */
async function allDeclared() {
  const folder = await mkdtemp(join(tmpdir(), 'lab-sets-'));
  // Files make folders of their own when they are loaded.
  process.env.TMPDIR = folder;
  process.env.LAB_TEST_SET = 'none';
  const { declared } = await import('./listed.ts');
  for (const file of Object.values(machineParts)) await import(join(projectRoot, file));
  await removeTree(folder);
  return declared;
}

const declared = await allDeclared();

test('each test on real machines is named by a line of test/sets.ts', (t) => {
  t.true(declared.length > 150);
  t.deepEqual(
    declared.filter(({ line }) => !line).map(({ part, title }) => `${part}: ${title}`),
    [],
  );
});

test('each line of test/sets.ts gives a reason, and names a test that no earlier line names', (t) => {
  for (const line of sets) {
    t.true(
      declared.some((one) => one.line === line),
      `${line.part}: ${line.title}`,
    );
    t.true(line.why.length > 0);
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
    t.deepEqual(files.map((file) => `${folder}/${file}`).sort(), known.sort());
  }
});

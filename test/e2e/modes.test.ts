import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { placeOf } from '../../scripts/host/paths.ts';
import { testsOf } from '../listed.ts';
import { chosenFaults } from './chosen-faults.ts';
import { digits, failedWords, LabCommand } from './lab.ts';
import { assertSeen, makeAndVerify, run } from './make-fault.ts';

const test = testsOf('modes');
const lab = await LabCommand.inFreshFolder();
const modes = ['dr', 'tun', 'nat'] as const;
const faults = await chosenFaults(modes);

test.after(() => lab.end());

for (const mode of modes) {
  test(`${mode}: from nothing to a verified lab, answers in the exact order of rr`, async (t) => {
    const { code, document, stderr } = await lab.json('run', mode);
    t.deepEqual(failedWords(document), [], stderr);
    t.is(code, 0);
    t.is(document.schema, 'lvs-lab/run/2');
    t.is(digits(document), '212121212121');
    t.true(document.checks.length >= 12);
  });

  test(`${mode}: run again, it keeps every machine and the IPVS table with its counters`, async (t) => {
    // A table that was made anew counts from 0. From Linux 6.2 on the kernel folds its counters every two seconds.
    const connections = async (least: number) => {
      for (let tries = 0; ; tries++) {
        const { document: stats } = await lab.json<{ counters: { connections: number }[] }>('stats', mode);
        const count = stats.counters[0]?.connections ?? 0;
        if (count >= least || tries > 20) return count;
      }
    };
    t.true((await connections(12)) >= 12);
    const before = (await lab.processes(mode)).map(({ pid }) => pid).sort();
    const { code, document } = await lab.json('run', mode);
    t.is(code, 0);
    t.true(document.ok);
    t.deepEqual((await lab.processes(mode)).map(({ pid }) => pid).sort(), before);
    t.true((await connections(24)) >= 24);
  });

  for (const fault of faults.get(mode) ?? []) {
    const { title, plan, place } = fault;
    test(`${mode}, fault: ${title}`, async (t) => {
      const seen = await makeAndVerify(lab, plan, place);
      assertSeen(t, fault, seen);
      if (place.race?.includes('counted')) {
        const counted = seen.document.checks.find(({ id }) => id === 'counted');
        t.is(counted?.observed, '0 connections', 'every curl succeeds, and IPVS has seen nothing');
      }
      if (!place.check) t.deepEqual(failedWords(seen.document), []);
      await run(lab, plan, place.mend ?? []);
      const mended = await lab.json('run', mode);
      t.deepEqual(failedWords(mended.document), []);
      t.is(mended.code, 0);
    });
  }

  test(`${mode}: any number of requests can be sent`, async (t) => {
    const { document } = await lab.json('verify', mode, '--requests', '7');
    t.is(document.answers.length, 7);
    t.true(document.ok);
  });

  test(`${mode}: down leaves no process, socket or file outside the cache`, async (t) => {
    t.is((await lab.run('down', mode)).code, 0);
    t.deepEqual(await lab.processes(mode), []);
    t.false(existsSync(placeOf(mode, lab.folder).runtime));
    t.false(existsSync(join(lab.folder, '.lab')));
    t.is((await lab.run('down', mode)).code, 0, 'and may be repeated');
  });
}

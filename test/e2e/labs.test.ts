import { listLabFiles } from '../../scripts/host/lab-files.ts';
import { testsOf } from '../listed.ts';
import { chosenFaults } from './chosen-faults.ts';
import { asPredicted, failedWords, LabCommand } from './lab.ts';
import { assertSeen, makeAndVerify, run } from './make-fault.ts';

// Every shipped lab, with its faults.
const test = testsOf('labs');
const lab = await LabCommand.inFreshFolder();
// dr, nat and tun are met in modes.test.ts, with their faults.
const names = [...(await listLabFiles()).keys()].filter((name) => !['dr', 'nat', 'tun'].includes(name));
const faults = await chosenFaults(names);
/** Labs whose checks end in long drills. */
const drilled = ['web-dr', 'ha', 'ha-nat', 'ocfs2', 'keepalived'];
/** Weights that follow the load: nobody can say who answers. */
const unpredicted = ['keepalived'];

test.after(() => lab.end());

for (const name of names) {
  let broken = false;

  test(`lab ${name} passes all its checks, and its answers are as predicted`, async (t) => {
    const { code, document, stderr } = await lab.json('run', name);
    t.deepEqual(failedWords(document), [], stderr);
    t.is(code, 0);
    if (unpredicted.includes(name)) t.true(document.answers.every(({ predicted }) => predicted === null));
    else t.true(asPredicted(document), JSON.stringify(document.answers));
  });

  for (const fault of faults.get(name) ?? []) {
    const { title, plan, place } = fault;
    test(`lab ${name}, fault: ${title}`, async (t) => {
      broken = true;
      assertSeen(t, fault, await makeAndVerify(lab, plan, place));
      await run(lab, plan, place.mend ?? []);
      t.is((await lab.run('up', name)).code, 0);
    });
  }

  test(`lab ${name} ends, mended where faults were made`, async (t) => {
    // One look after all faults finds what any of them has left. Labs in `drilled` are not looked at again: their drills take minutes.
    if (broken && !drilled.includes(name)) {
      t.deepEqual(failedWords((await lab.json('verify', name)).document), [], 'mended');
    }
    t.is((await lab.run('down', name)).code, 0);
  });
}

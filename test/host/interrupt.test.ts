import test from 'ava';
import { InterruptedError } from '../../scripts/errors.ts';
import { endedBy, interruptWaits, leaveNoMachines, unlessInterrupted } from '../../scripts/host/interrupt.ts';

test.serial(
  'Ctrl-C ends the present wait; without one it changes nothing for a command whose machines run on',
  async (t) => {
    const wait = unlessInterrupted(new Promise<void>(() => {}));
    t.true(interruptWaits());
    await t.throwsAsync(wait, { instanceOf: InterruptedError });
    t.false(interruptWaits());
    t.is(await unlessInterrupted(Promise.resolve(1)), 1);
  },
);

test.serial('work that is ended from outside has its waits ended, and begins none when that was before', async (t) => {
  const over = new AbortController();
  const work = endedBy(over.signal, () => unlessInterrupted(new Promise<void>(() => {})));
  over.abort();
  await t.throwsAsync(work, { instanceOf: InterruptedError });
  await t.throwsAsync(
    endedBy(over.signal, async () => t.fail('it has begun')),
    { instanceOf: InterruptedError },
  );
});

test.serial(
  'in a command that leaves no machines, Ctrl-C without a wait ends the next one, and that alone',
  async (t) => {
    leaveNoMachines();
    t.true(interruptWaits());
    await t.throwsAsync(unlessInterrupted(Promise.reject(new Error('nobody hears of it'))), {
      instanceOf: InterruptedError,
    });
    t.is(await unlessInterrupted(Promise.resolve(1)), 1, 'what undoes changes may wait again');
  },
);

import test from 'ava';
import { fromSwitches } from '../../scripts/actions/capture.ts';

const frame = { network: 'front' as const, time: 1, bytes: Uint8Array.of() };

/** A capture of some frames, and how often it was ended. */
function running(ending: () => Promise<void> = async () => {}) {
  const ends = { count: 0 };
  return {
    ends,
    async *frames() {
      yield frame;
      yield frame;
    },
    end() {
      ends.count++;
      return ending();
    },
  };
}

const never = new Promise<void>(() => {});

test('a capture is ended when its frames cannot be written', async (t) => {
  const capture = running();
  const full = async () => {
    throw new Error('no space left');
  };
  await t.throwsAsync(fromSwitches(capture, never, full), { message: 'no space left' });
  t.is(capture.ends.count, 1);
});

test('an end that fails is the error of the command, and nothing else', async (t) => {
  const capture = running(async () => {
    throw new Error('the switch does not answer');
  });
  await t.throwsAsync(
    fromSwitches(capture, Promise.resolve(), async () => true),
    { message: 'the switch does not answer' },
  );
});

test('a capture is ended after the last frame that was wanted', async (t) => {
  const capture = running();
  const taken: number[] = [];
  await fromSwitches(capture, never, async ({ time }) => taken.push(time) < 1);
  t.deepEqual([taken.length, capture.ends.count], [1, 1]);
});

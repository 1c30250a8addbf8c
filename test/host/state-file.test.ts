import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { readState, writeState } from '../../scripts/host/state-file.ts';

const document = fc.dictionary(fc.string(), fc.jsonValue());

test('what was written is read; of whatever else the file holds, nothing', async (t) => {
  const file = join(await mkdtemp(join(tmpdir(), 'lab-state-')), 'plan.json');
  t.is(await readState(file), undefined, 'no file');
  await each(t, document, async (state) => {
    await writeState(file, state);
    t.deepEqual(await readState(file), JSON.parse(JSON.stringify(state)));
  });
  await each(t, fc.json(), async (text) => {
    await writeFile(file, text);
    t.is(await readState(file), undefined, text);
  });
});

test('a document that was cut, changed or joined from two counts as missing', async (t) => {
  const file = join(await mkdtemp(join(tmpdir(), 'lab-state-')), 'plan.json');
  await each(t, fc.tuple(document, document, fc.nat(), fc.string({ maxLength: 3 }), fc.nat(3)), async (drawn) => {
    const [state, other, at, typed, length] = drawn;
    await writeState(file, other);
    const otherText = await readFile(file, 'utf8');
    await writeState(file, state);
    const text = await readFile(file, 'utf8');
    const place = at % text.length;
    for (const damaged of [
      text.slice(0, place),
      text.slice(0, place) + typed + text.slice(place + length),
      text.slice(0, place) + otherText.slice(place),
    ]) {
      await writeFile(file, damaged);
      const read = await readState(file);
      // White space between tokens, or the very other document, says nothing wrong.
      const known = [state, other].map((one) => JSON.stringify(JSON.parse(JSON.stringify(one))));
      t.true(read === undefined || known.includes(JSON.stringify(read)), damaged);
    }
  });
});

function each<T>(t: ExecutionContext, values: fc.Arbitrary<T>, hold: (value: T) => Promise<void>): Promise<void> {
  t.timeout(600_000);
  return fc.assert(fc.asyncProperty(values, hold), { numRuns: 300 });
}

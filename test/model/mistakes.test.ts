import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { LabFileError } from '../../scripts/errors.ts';
import { listLabFiles } from '../../scripts/host/lab-files.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import { messageOf, mistakeNames, mistakesFolder } from './mistakes.ts';

const jargon = /\b(mapping|scalar|sequence|implicit|compact|token|flow|undefined|null|object)\b/i;

// Before the first test: ava wants all of them declared at once.
const labs = await Promise.all([...(await listLabFiles()).values()].map((file) => readFile(file, 'utf8')));
const names = await mistakeNames();

for (const name of names) {
  test(`refused: ${name.replaceAll('-', ' ')}`, async (t) => {
    const message = await messageOf(name);
    t.is(message, await readFile(join(mistakesFolder, `${name}.txt`), 'utf8'), 'npm run golden writes it anew');
    t.regex(message, /^lab\.yaml: \d+ problems?\n {2}lab\.yaml:\d+: /);
    t.notRegex(message, jargon);
    for (const line of message.split('\n')) t.true(line.length <= 80, line);
  });
}

test('a lab file that was changed by one key press is a lab, or is refused in plain words with a line', (t) => {
  const keys = fc.constantFrom('', ' ', '\t', '\n', ':', '-', '"', "'", '{', ']', '#', ',', '|', '*', '@', 'x', '9');
  fc.assert(
    fc.property(fc.constantFrom(...labs), fc.nat(), fc.boolean(), keys, (text, at, over, key) => {
      const start = at % text.length;
      const changed = text.slice(0, start) + key + text.slice(start + (over ? 1 : 0));
      try {
        parseLab(changed, { name: 'lab', file: 'lab.yaml' });
        return true;
      } catch (error) {
        if (!(error instanceof LabFileError)) throw error;
        const lines = changed.split('\n').length;
        return error.problems.every(({ line, what }) => line >= 1 && line <= lines && !jargon.test(what));
      }
    }),
    { numRuns: 3000 },
  );
  t.pass();
});

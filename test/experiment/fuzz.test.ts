import { readFile } from 'node:fs/promises';
import test from 'ava';
import fc from 'fast-check';
import { LabFileError } from '../../scripts/errors.ts';
import { readBug } from '../../scripts/experiment/bug.ts';
import { requireFit } from '../../scripts/experiment/fit.ts';
import { deedWords, expectedWords } from '../../scripts/experiment/words.ts';
import { faults } from '../../scripts/faults/index.ts';
import { listBugFiles } from '../../scripts/host/experiment-files.ts';
import { planOf } from '../render/golden.ts';

/** How many texts are tried; `FUZZ=100000 npx ava test/experiment/fuzz.test.ts` tries more. */
const runs = Number(process.env.FUZZ ?? 1000);

const files = [...(await listBugFiles())];
const texts = await Promise.all(files.map(async ([name, path]) => ({ name, text: await readFile(path, 'utf8') })));
const words = [...new Set(texts.flatMap(({ text }) => text.match(/[\w-]+:?|[{}[\]"]/g) ?? []))];
const plan = await planOf('dr');

/** A text in which some words are others, or are gone. */
const edited = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom(...words, '', '__proto__', '> ', '/(', '9e99')), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([{ name, text }, edits]) => {
    const parts = text.split(/([\w-]+)/);
    for (const [at, word] of edits) parts[at % parts.length] = word;
    return { name, text: parts.join('') };
  });

test('any text is a bug that can be told in words, or problems with a line', (t) => {
  let good = 0;
  fc.assert(
    fc.property(edited, ({ name, text }) => {
      try {
        const { data, source } = readBug(text, { name, file: name });
        for (const { deed, expectations } of data.variant.steps)
          for (const one of [deedWords(deed), ...expectations.map(({ expectation }) => expectedWords(expectation))])
            if (/undefined|NaN|\[object/.test(one)) throw new Error(one);
        requireFit(data.variant.steps, plan, faults, name, source);
        good++;
        return true;
      } catch (error) {
        return error instanceof LabFileError && error.problems.every(({ line, what }) => line >= 1 && what !== '');
      }
    }),
    { numRuns: runs },
  );
  t.true(good > 0);
});

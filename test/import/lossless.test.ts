import test from 'ava';
import { caseNames, importer, sourceOf, waysOf } from './golden.ts';
import { silentWords, unnamedStatements } from './lossless.ts';

/** Characters from which on only some words of a text are tried. */
const long = 4000;

/** Words of these cases that say nothing: counters of the moment, the version of a program, the end of a branch. */
const saysNothing: Record<string, RegExp> = {
  'listing.rules': /^(1\.2\.1|\(size=4096\)|0)$/,
  'listing-of-many.txt': /^(1\.2\.1|\(size=4096\)|12|3|0)$/,
  'script-with-loops.sh': /^esac$/,
  // Words within a comment that follows a word without a blank.
  'comment-without-blank.conf': /^(direct|three)$/,
  'comments.conf': /^robin$/,
};

for (const name of (await caseNames()).filter((one) => one !== 'include-in-a-block.conf')) {
  test(`${name}: no word can change without a change of the lab or of what is listed`, async (t) => {
    t.timeout(600_000);
    const run = await importer(name);
    const { text } = await sourceOf(name);
    const [options] = waysOf(name).filter((one) => one.configId || one.services || waysOf(name).length === 1);
    const every = text.length > long ? 40 : 1;
    const { words, silent } = silentWords(text, (one) => seen(() => run(one, options ?? {})), every);
    t.true(words > 0);
    t.deepEqual(
      silent.filter((one) => !saysNothing[name]?.test(one.text)),
      [],
    );
  });
}

const strange: [name: string, statement: string][] = [
  ['vrrp-and-health.conf', '  frobnicate 7'],
  ['quorum.conf', '  frobnicate 7'],
  ['group-with-ranges.conf', 'frobnicate 7'],
  ['clear-and-add.sh', 'frobnicate 7'],
  ['script-with-loops.sh', 'frobnicate 7'],
  ['set-time-outs.rules', 'frobnicate 7'],
  ['listing-of-many.txt', 'frobnicate 7'],
  ['many-words.cf', '\tfrobnicated=7'],
];

for (const [name, statement] of strange) {
  test(`${name}: a statement that nobody knows is named, wherever it is`, async (t) => {
    const run = await importer(name);
    const { text } = await sourceOf(name);
    const unnamed = unnamedStatements(text, statement, (one) => seen(() => run(one, {})));
    t.deepEqual(unnamed, []);
  });
}

/** What a person sees: the lab and the lists, or what is wrong. */
function seen(run: () => unknown): string {
  try {
    return JSON.stringify(run());
  } catch (error) {
    return JSON.stringify({ ...(error as object), message: (error as Error).message });
  }
}

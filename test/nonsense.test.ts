import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { looks } from '../scripts/checks/judge.ts';
import { parseRules as parseSeenRules } from '../scripts/checks/looks/table.ts';
import { parseWrongClock } from '../scripts/drills/clock/seen.ts';
import { parseLook } from '../scripts/drills/failover/seen.ts';
import { parseWeights } from '../scripts/drills/load/seen.ts';
import { parseLoad } from '../scripts/drills/shared/load-requests.ts';
import { parseVisits } from '../scripts/drills/shared/visits-seen.ts';
import { parseSurvivor } from '../scripts/drills/shared-disk/seen.ts';
import { parseWordPress } from '../scripts/drills/site/seen.ts';
import { LabFileError, LineError } from '../scripts/errors.ts';
import { projectRoot } from '../scripts/host/paths.ts';
import { ChoiceError } from '../scripts/import/choose.ts';
import { convert } from '../scripts/import/import.ts';
import { leftSentences, noteSentences } from '../scripts/import/wording.ts';
import { parseConnections, parseCounters, parseTable } from '../scripts/ipvs/parse.ts';
import { parseStats } from '../scripts/ipvs/stats.ts';
import { completeTable, formatRules, nameOf, parseRules, parseThresholds } from '../scripts/ipvs/table.ts';
import { parseLab } from '../scripts/model/parse.ts';
import { errorOf, parseLine, statesOf } from '../scripts/providers/vagrant/machine-readable.ts';
import { cpuTime } from './cpu-time.ts';
import { planOf } from './render/golden.ts';

// What other programs say, with something wrong in it: cut off, mixed up, of another version.

/** How many texts are tried in each test; `FUZZ=100000 npx ava test/nonsense.test.ts` tries more. */
const cases = Number(process.env.FUZZ ?? 20_000);

async function textsIn(folder: string, wanted: RegExp): Promise<string[]> {
  const names = (await readdir(join(projectRoot, folder), { recursive: true })).filter((name) => wanted.test(name));
  return Promise.all(names.map((name) => readFile(join(projectRoot, folder, name), 'utf8')));
}

const recorded = await textsIn('test/recorded', /./);
/** Without that of kube-proxy, which is long. */
const configurations = await textsIn('test/import/cases', /^(?!kube).*\.(conf|cf|rules|sh|txt)$/);
/** The words that parsers look for are in their sources, and those of real outputs in their tests. */
const sources = [
  ...(await textsIn('scripts/verify', /seen\.ts$/)),
  ...(await textsIn('scripts/checks', /(look|nft).*\.ts$/)),
  ...(await textsIn('scripts/drills', /(seen|requests)\.ts$/)),
  ...(await textsIn('scripts/ipvs', /\.ts$/)),
  ...(await textsIn('scripts/import', /\.ts$/)),
  ...(await textsIn('test/checks', /\.test\.ts$/)),
  ...(await textsIn('test/drills', /\.test\.ts$/)),
];
const vocabulary = [...new Set([...recorded, ...sources].flatMap((text) => text.match(/[^\s'"`]+/g) ?? []))];

const word = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...vocabulary) },
  { weight: 2, arbitrary: fc.constantFrom('@@', '{', '}', '[', ']', '->', ':', '=', '\t', '\n', '\n', '\n', '#', '!') },
  { weight: 1, arbitrary: fc.oneof(fc.integer().map(String), fc.ipV4(), fc.ipV6(), fc.double().map(String)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
);
const soup = fc.array(word, { maxLength: 60 }).map((words) => words.join(' ').replaceAll(' \n ', '\n'));
const edit = fc.record({ at: fc.nat(), cut: fc.nat(60), put: fc.array(word, { maxLength: 3 }) });

/** One of some texts with a few edits. */
const edited = (texts: readonly string[]) =>
  fc.tuple(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 6 })).map(([text, edits]) =>
    edits.reduce((so, { at, cut, put }) => {
      const from = at % (so.length + 1);
      return so.slice(0, from) + put.join(' ') + so.slice(from + cut);
    }, text),
  );

const parsers: Record<string, (text: string) => unknown> = {
  parseTable: (text) => parseTable(text).map(nameOf),
  parseConnections,
  parseCounters,
  parseStats,
  parseThresholds,
  parseWrongClock: (text) => parseWrongClock('rs1', text),
  parseLoad,
  parseLook,
  parseWeights: (text) => parseWeights(text, () => 'rs1'),
  parseVisits,
  parseWordPress,
  parseSurvivor,
  vagrant: (text) => {
    const lines = text.split('\n').flatMap((line) => parseLine(line) ?? []);
    return [statesOf(lines), errorOf(lines)];
  },
};

const plan = await planOf('everything');
for (const look of looks) {
  parsers[`the look "${look.name}"`] = (text) => {
    for (const node of plan.nodes) look.parse({ in: () => text, during: () => [text, text] }, plan, node);
  };
}

for (const [name, parse] of Object.entries(parsers)) {
  test(`${name} makes something of any text, at once`, (t) => {
    each(t, fc.oneof(soup, edited(recorded)), (text) => {
      parse(text);
    });
  });
}

test('a table that cannot be parsed is not as planned', (t) => {
  t.deepEqual(parseSeenRules('@@rules\nsorry_server'), []);
});

test('a table of rules that makes no sense is refused with words and a line', (t) => {
  each(t, fc.oneof(soup, edited(recorded)), (text) => {
    try {
      formatRules(parseRules(text));
      completeTable(text, text, text);
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
    }
  });
});

test('lab import: whatever the file, a lab that can be brought up, or what is wrong and where', (t) => {
  let labs = 0;
  const texts = fc.oneof(soup, edited(recorded), edited(configurations));
  const hold = (text: string) => {
    const options = { configId: 'main', included: (pattern: string) => `there is no such file: ${pattern}` };
    try {
      const { text: lab, left, notes, untold } = convert([{ name: 'rules', text }], 'rules', options);
      parseLab(lab, { name: 'imported', file: 'imported.yaml' });
      const lines = [...leftSentences(left), ...noteSentences(notes, untold)];
      if (lines.some((one) => /\n|undefined|NaN|\[object/.test(one) && !/undefined|NaN|\[object/.test(text)))
        throw new Error(lines.join('\n'));
      labs++;
    } catch (error) {
      if (error instanceof ChoiceError) return;
      // Of what was made of it, a LabFileError would be ours.
      if (!(error instanceof LabFileError) || error.file !== 'rules') throw error;
      if (!error.problems.every(({ line, what }) => line >= 1 && what)) throw error;
    }
  };
  each(t, texts, hold, Math.ceil(cases / 4));
  t.log(`${labs} labs`);
  t.true(labs > 0);
});

function each(t: ExecutionContext, texts: fc.Arbitrary<string>, hold: (text: string) => void, runs = cases): void {
  t.timeout(600_000);
  fc.assert(
    fc.property(texts, (text) => {
      const start = cpuTime();
      hold(text);
      const ms = cpuTime() - start;
      if (ms > 2000) throw new Error(`took ${ms} ms`);
    }),
    { numRuns: runs },
  );
  t.pass();
}

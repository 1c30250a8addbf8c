import test from 'ava';
import { account, failures, type PartResult, type TestResult } from './runner/account.ts';
import { type Choice, choose } from './runner/choose.ts';
import { matrixSum, matrixTable } from './runner/diagnoses.ts';
import { inLanes, turnsOf } from './runner/turns.ts';
import { pairable, parts } from './sets.ts';

function result(title: string, over: Partial<TestResult> = {}): TestResult {
  return { part: 'labs', title, outcome: 'passed', seconds: 1, said: [], ...over };
}

function part(...tests: TestResult[]): PartResult {
  return { part: 'labs', seconds: tests.reduce((sum, { seconds }) => sum + seconds, 0), tests };
}

test('the account shows the ten longest and each part, and marks what is too long for the core', (t) => {
  const tests = Array.from({ length: 12 }, (_, at) => result(`test ${at}`, { seconds: at * 20 }));
  const unit = { part: 'unit', seconds: 60, tests: [result('quick', { part: 'unit', seconds: 60 })] };
  const text = account([unit, part(...tests)], 1.5);
  t.is(text.match(/^ .*labs {2}test/gm)?.length, 10);
  t.notRegex(text, /labs {2}test [01]$/m);
  t.regex(text, /220 s {2}! {2}labs {2}test 11/);
  t.notRegex(text, /180 s {2}! /);
  t.regex(text, /longer than 180 s \(120 s × pace 1\.5\)/);
  t.regex(text, /labs {2,}12 passed {2}0 failed {2,}1320 s/);
  t.regex(text, /sum {2,}1380 s/);
});

/** As ava 7 has it. */
const tap = (reason: string) => `  ---
    name: AssertionError
    assertion: t.deepEqual()
    details:
      'Difference (- actual, + expected):': |2-
          [
${Array.from({ length: 200 }, (_, at) => `        -   'failed check ${at}',`).join('\n')}
          ]
    message: |-
      ${reason}
      second line of it
    at: >-
      ExecutionContext.deepEqual
      (file:///node_modules/ava/lib/assert.js:339:15)
  ...
`;

test('failures fit in the last hundred lines of a log, each with its message', (t) => {
  const failed = (count: number) => {
    const tests = Array.from({ length: count }, (_, at) =>
      result(`wrong ${at}`, { outcome: 'failed', said: tap(`the reason of ${at}`).split('\n') }),
    );
    return failures([part(...tests, result('right'))]);
  };
  for (const count of [1, 3, 16, 60]) {
    const text = failed(count);
    t.true(text.split('\n').length <= 95, `${count}`);
    t.is(text.match(/the reason of \d+$/gm)?.length, Math.min(count, 16));
    t.notRegex(text, /right|AssertionError|---/);
  }
  t.regex(failed(1), /failed check 0/);
  t.regex(failed(60), /and 44 more/);
  t.regex(
    failures([part(result('type check', { outcome: 'failed', said: ['a.ts(1,2): error TS1: no'] }))]),
    /error TS1/,
  );
});

const chosen = (choice: Choice) => ('parts' in choice ? choice.parts.join(' ') : choice.text);

test('parts are chosen by --only and --from', (t) => {
  const core = (...words: string[]) => chosen(choose('core', words, {}));
  t.regex(core(), /^checks unit images modes .* vagrant$/);
  t.notRegex(core(), /hardship/);
  t.regex(chosen(choose('all', [], {})), /hardship/);
  t.is(core('--only', 'labs, checks,checks'), 'checks labs');
  t.is(core('--only', 'labs', '--only', 'checks'), 'checks labs');
  t.regex(core('--from', 'rules'), /^rules faults schedulers .* vagrant$/);
  t.is(core('--from', 'rules', '--only', 'labs,vagrant'), 'vagrant');
});

test('what makes no sense runs nothing: a text with the parts, and exit code 2', (t) => {
  const refused = (words: string[], text: RegExp, env = {}) => {
    const choice = choose('core', words, env);
    t.regex(chosen(choice), text);
    t.regex(chosen(choice), /parts, in their order: checks, unit, /);
    t.is('code' in choice ? choice.code : 0, 2);
  };
  refused(['--only', 'nonsense'], /^npm test has no part "nonsense"\n/);
  refused(['--only', 'hardship'], /^npm test has no part "hardship"; it is in npm run test:all\n/);
  refused(['--only', ''], /no part ""/);
  refused(['--from', 'rules', '--only', 'labs'], /no part of --only is left from rules on/);
  refused(['labs'], /Unexpected argument 'labs'/);
  refused(['--list'], /Unknown option '--list'/);
  refused([], /npm took --only for itself: write -- before it/, { npm_config_only: 'checks' });
  refused([], /npm took --from for itself/, { npm_config_from: 'hardship' });
  const help = choose('core', ['--help'], {});
  t.is('code' in help ? help.code : 2, 0);
});

test('the matrix of diagnoses shows what was named in the place of a fault, and what was not made', (t) => {
  const seen = {
    dr: { 'vip-missing': 'vip-missing', 'weight-zero': 'daemon-down', 'daemon-down': '' },
    nat: { 'weight-zero': 'weight-zero' },
  };
  t.deepEqual(matrixTable(seen).split('\n').sort(), [
    '| --- | --- | --- |',
    '| [daemon-down](#daemon-down) | nothing |  |',
    '| [vip-missing](#vip-missing) | ● |  |',
    '| [weight-zero](#weight-zero) | daemon-down | ● |',
    '| fault | dr | nat |',
  ]);
  t.is(matrixSum(seen), '2 of 4');
});

test('all parts run once; in two lanes only those that can be paired share a turn, after the image is made', (t) => {
  for (const lanes of [1, 2] as const) {
    const turns = turnsOf(parts, lanes);
    t.deepEqual(turns.flatMap((turn) => turn.parts).sort(), [...parts].sort());
    t.deepEqual(
      turns.filter((turn) => turn.parts.length > 1).map((turn) => turn.parts),
      lanes === 1 ? [] : [pairable],
    );
    t.deepEqual(
      turns.slice(0, 3).flatMap((turn) => turn.parts),
      ['checks', 'unit', 'images'],
    );
  }
  t.deepEqual(turnsOf(['labs', 'crowd'], 2), [
    { parts: ['labs'], lanes: 1 },
    { parts: ['crowd'], lanes: 1 },
  ]);
});

test('two lanes work at a time, the next part begins in the lane that is free, results keep their order', async (t) => {
  const ends = new Map<string, (part: string) => void>();
  const begun: string[] = [];
  const all = inLanes({ parts: ['labs', 'modes', 'rules'], lanes: 2 }, (part) => {
    begun.push(part);
    return new Promise<string>((resolve) => ends.set(part, resolve));
  });
  t.deepEqual(begun, ['labs', 'modes']);
  ends.get('modes')?.('modes');
  await new Promise(setImmediate);
  t.deepEqual(begun, ['labs', 'modes', 'rules']);
  ends.get('rules')?.('rules');
  ends.get('labs')?.('labs');
  t.deepEqual(await all, ['labs', 'modes', 'rules']);
});

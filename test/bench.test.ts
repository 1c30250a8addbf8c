import test from 'ava';
import fc from 'fast-check';
import { parse, type Wish } from './bench/arguments.ts';
import { cpuTimeIn, machineTime } from './bench/cpu.ts';
import { againstGoals, vagrantGoals } from './bench/goals.ts';
import { interleaved } from './bench/interleaved.ts';
import { median, ratio, slope } from './bench/numbers.ts';
import { Readings } from './bench/readings.ts';
import { resultsOf } from './bench/results.ts';
import { rowNames, rowsOf } from './bench/rows.ts';
import { comparisonTable, figuresTable } from './bench/table.ts';

test('at most half of the values are below the median, and at most half above it', (t) => {
  t.is(median([]), undefined);
  t.is(median([3]), 3);
  t.is(median([9, 1, 4]), 4);
  t.is(median([4, 1, 9, 2]), 3);
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
      const middle = median(values) as number;
      const most = values.length / 2;
      return (
        values.filter((value) => value < middle).length <= most &&
        values.filter((value) => value > middle).length <= most
      );
    }),
  );
});

test('a ratio and a slope need both of their values', (t) => {
  t.is(ratio(2, 8), 0.25);
  t.is(ratio(undefined, 8), undefined);
  t.is(ratio(2, undefined), undefined);
  t.is(ratio(2, 0), undefined);
  t.is(slope({ count: 2, value: 6 }, { count: 16, value: 34 }), 2);
  t.is(slope({ count: 2, value: 6 }, { count: 16, value: undefined }), undefined);
});

test('sides are measured in turns', async (t) => {
  const seen: string[] = [];
  await interleaved(3, ['A', 'B'], async (side, round) => {
    seen.push(`${side}${round}`);
  });
  t.is(seen.join(' '), 'A1 B1 A2 B2 A3 B3');
});

test('CPU time is read whatever a process is called', (t) => {
  const after = 'S 1 2 3 4 5 6 7 8 9 10 150 50 300 100 20 0';
  t.deepEqual(cpuTimeIn(`7 (qemu) ${after}`), { own: 2, children: 4 });
  t.deepEqual(cpuTimeIn(`7 (a) b (c) ${after}`), { own: 2, children: 4 });
});

test('machines count from their start, or from what they had used before the command', (t) => {
  const before = new Map([
    [1, 5],
    [2, 7],
  ]);
  const after = new Map([
    [1, 6],
    [3, 2],
  ]);
  t.is(machineTime(before, after), 3);
  t.is(machineTime(before, new Map()), 0);
  t.is(machineTime(new Map(), new Map()), undefined);
});

const chosen = (...words: string[]) => parse(words, {}) as Wish;

test('what is compared, with how many measurements, and which rows', (t) => {
  t.like(chosen(), { mode: 'alone', repeats: 3, json: false });
  t.like(chosen('--against', 'HEAD~1', '--repeats', '5'), { mode: 'against', commit: 'HEAD~1', repeats: 5 });
  t.like(chosen('--compare', 'vagrant', '--json'), { mode: 'vagrant', json: true });
  t.like(chosen('--first-output'), { mode: 'first-output' });
  t.deepEqual(chosen('--rows', 'dr, verify,32').rows, ['dr', 'verify', '32']);
  t.deepEqual(chosen('--against', 'x').rows.sort(), Object.keys(againstGoals).sort());
});

test('a command line that makes no sense measures nothing', (t) => {
  const refused = (words: string[], text: RegExp, env = {}) => {
    const found = parse(words, env);
    t.regex('text' in found ? found.text : '', text);
    t.is('code' in found ? found.code : 0, 2);
  };
  refused(['--rows', 'dr,nonsense'], /^there is no row "nonsense"\n/);
  refused(['--rows', ''], /^there is no row ""/);
  refused(['--rows', '65'], /^65 real servers: 1 to 64 can be/);
  refused(['--repeats', '0'], /^--repeats takes a number/);
  refused(['--compare', 'docker'], /^--compare takes vagrant/);
  refused(['--against', ''], /^--against takes a commit/);
  refused(['--against', 'x', '--compare', 'vagrant'], /^one of --against/);
  refused(['--first-output', '--rows', 'dr'], /^--first-output has no --rows/);
  refused(['dr'], /Unexpected argument 'dr'/);
  refused([], /^npm took --against for itself: write -- before it/, { npm_config_against: 'HEAD' });
  refused([], /^npm took --first-output for itself/, { npm_config_first_output: 'true' });
  const help = parse(['--help'], {});
  t.is('code' in help ? help.code : 2, 0);
  t.true('text' in help && help.text.split('\n').every((line) => line.length <= 80));
});

test('a name stands for its row and for those that are parts of it', (t) => {
  const names = (...words: string[]) => rowsOf(words).map(({ name }) => name);
  t.deepEqual(names('dr'), ['dr', 'dr-machines', 'dr-scripts', 'dr-checks']);
  t.deepEqual(names('load'), ['load-dr', 'load-web']);
  t.deepEqual(names('16', '4', '4'), ['4', '4-memory', '16', '16-memory']);
  t.deepEqual(names('nonsense'), []);
});

test('each goal belongs to a row', (t) => {
  for (const name of Object.keys({ ...againstGoals, ...vagrantGoals })) {
    t.true(
      rowsOf([name]).some((row) => row.name === name),
      name,
    );
  }
});

/** Readings of one side: each as its seconds, with half as much CPU time. */
function side(values: Record<string, number[]>): Readings {
  const readings = new Readings();
  for (const [what, all] of Object.entries(values)) {
    for (const value of all) readings.add(what, what.includes('memory') ? { value } : { value, cpu: value / 2 });
  }
  return readings;
}

const ours = side({
  'run dr': [4, 3, 9],
  'run 16': [10, 11, 12],
  'run 64': [100],
  'load dr': [2],
  'verify dr': [1.5],
  'largest memory dr': [120, 120, 121],
});
const theirs = side({
  'run dr': [8, 8, 8],
  'run 16': [36, 36, 35],
  'verify dr': [2],
  'largest memory dr': [120],
});

function found(words: string[], failed: string[] = []) {
  const results = resultsOf(rowsOf(words), againstGoals, { ours, theirs, failed: new Set(failed) });
  return Object.fromEntries(results.map((one) => [one.name, one]));
}

test('a ratio is of medians, of time as of CPU time, and a goal is met or not', (t) => {
  const { dr, verify, memory } = found(['dr', 'verify', 'memory']);
  t.like(dr, { ratio: 0.5, cpuRatio: 0.5, goal: '≤ 0.5', met: true });
  t.deepEqual(dr?.ours, { value: 4, cpu: 2 });
  t.like(verify, { ratio: 0.75, met: false });
  t.like(memory, { ratio: 1, cpuRatio: undefined, met: true });
});

test('a share is of one side alone, and its goal is for ours', (t) => {
  const { further, 'load-dr': load } = found(['further', 'load']);
  t.like(further?.ours, { value: 7 / 14 / 4 });
  t.like(further?.theirs, { value: 2 / 8 });
  t.like(further, { ratio: 0.5, goal: 'ours ≤ 0.12', met: false });
  t.like(load, { ratio: undefined, goal: 'ours ≤ 0.4', met: false });
  t.like(load?.ours, { value: 0.5 });
});

test('what was not measured, and what failed once, meets no goal', (t) => {
  t.like(found(['tun']).tun, { ratio: undefined, met: false });
  t.like(found(['64'])[64], { goal: 'passes', met: true });
  t.like(found(['64'], ['64'])[64], { met: false });
  t.like(found(['dr'], ['dr']).dr, { ratio: 0.5, met: false });
});

test('Vagrant must take so many times longer', (t) => {
  const results = (seconds: number) =>
    resultsOf(rowsOf(['dr']), vagrantGoals, { ours, theirs: side({ 'run dr': [seconds] }), failed: new Set() });
  t.like(results(72)[0], { goal: '≥ × 18', met: true });
  t.like(results(71)[0], { met: false });
  t.regex(
    comparisonTable(results(72), ['QEMU', 'Vagrant'], 'times'),
    /lab run dr +4\.00 s +72\.0 s +× 18 +≥ × 18 +yes/,
  );
});

test('tables have a line for each row, of 80 columns at most', (t) => {
  const rows = rowsOf([...rowNames, '16', '64']);
  const big = (factor: number) =>
    side(
      Object.fromEntries(
        ['run', 'load', 'verify', 'reset', 'again', 'down', 'machines', 'scripts', 'checks']
          .flatMap((what) => ['dr', 'nat', 'tun', 'web', '16', '64', 'nothing'].map((lab) => `${what} ${lab}`))
          .concat('largest memory dr', 'all memory 16', 'all memory 64')
          .map((what, at) => [what, [factor * (1000 + at)]]),
      ),
    );
  const results = resultsOf(rows, { ...againstGoals }, { ours: big(1), theirs: big(9.87), failed: new Set() });
  for (const text of [
    comparisonTable(results, ['ours', 'theirs'], 'part'),
    comparisonTable(results, ['QEMU', 'Vagrant'], 'times'),
    figuresTable(results),
  ]) {
    const lines = text.split('\n');
    t.is(lines.length, 1 + rows.length);
    t.true(lines.every((line) => line.length <= 80));
  }
});

import { columns } from '../../scripts/report/columns.ts';
import { isOnMachines } from '../sets.ts';

export interface TestResult {
  part: string;
  title: string;
  outcome: 'passed' | 'failed' | 'skipped';
  /** Time since the test before ended: its duration where tests run one at a time. */
  seconds: number;
  /** What a failed one said, line by line. */
  said: string[];
}

export interface PartResult {
  part: string;
  seconds: number;
  tests: TestResult[];
}

/** Seconds over which a test is too long for the core, at pace 1. */
const longest = 120;

/** The ten longest tests on machines, and the time of each part. */
export function account(parts: readonly PartResult[], pace: number): string {
  const alone = parts.filter(({ part }) => isOnMachines(part)).flatMap(({ tests }) => tests);
  const count = (tests: readonly TestResult[], outcome: TestResult['outcome']) =>
    tests.filter((test) => test.outcome === outcome).length;
  const rows = parts.map(({ part, seconds, tests }) => [
    part,
    `${count(tests, 'passed')} passed`,
    `${count(tests, 'failed')} failed`,
    count(tests, 'skipped') > 0 ? `${count(tests, 'skipped')} skipped` : '',
    whole(seconds),
  ]);
  return [
    ...longestTests(alone, pace),
    'Each part',
    columns([...rows, ['sum', '', '', '', whole(parts.reduce((sum, { seconds }) => sum + seconds, 0))]]),
  ].join('\n');
}

/** The ten longest, marked where they are too long for the core; nothing where no test ran on machines. */
function longestTests(tests: readonly TestResult[], pace: number): string[] {
  if (tests.length === 0) return [];
  const ten = [...tests].sort((one, other) => other.seconds - one.seconds).slice(0, 10);
  const limit = longest * pace;
  const isTooLong = ({ seconds }: TestResult) => seconds > limit;
  const rows = ten.map((one) => [whole(one.seconds), isTooLong(one) ? '!' : '', one.part, one.title.slice(0, 90)]);
  const legend = `  !  longer than ${whole(limit)} (${longest} s × pace ${pace.toFixed(1)}): too long for the core`;
  return ['The ten longest tests on machines', columns(rows), ...(ten.some(isTooLong) ? [legend] : []), ''];
}

/** Lines that all failures together may take, so that a log's last hundred hold them. */
const room = 80;

/** How many failures are shown. */
const told = 16;

/** What failed, each in its own words, cut so that all have room. */
export function failures(parts: readonly PartResult[]): string {
  const failed = parts.flatMap(({ tests }) => tests).filter(({ outcome }) => outcome === 'failed');
  const some = failed.slice(0, told);
  const each = Math.floor(room / Math.max(1, some.length)) - 2;
  const texts = some.map(({ part, title, said }) => {
    const words = wordsOf(said).map((line) => line.slice(0, 400));
    const cut = words.length > each ? [...words.slice(0, each - 1), '… (full text above)'] : words;
    return [`✘ ${part}: ${title}`, ...cut.map((line) => `    ${line}`)].join('\n');
  });
  const more = failed.length - some.length;
  return [...texts, ...(more > 0 ? [`… and ${more} more (above)`] : [])].join('\n\n');
}

/** Fields of ava's TAP that tell most, first; `name` and `assertion` tell nothing. */
const fields = ['message', 'details', 'at'];

/** The words of a failed test. What is not TAP, as a compiler's, stays as it is. */
function wordsOf(said: readonly string[]): string[] {
  const words = new Map<string, string[]>([['', []]]);
  let field = '';
  for (const line of said) {
    field = /^ {4}(\w+):/.exec(line)?.[1] ?? field;
    if (/^\s*(---|\.\.\.|details:|message: ''|at: >-|\(file:.*|)$/.test(line)) continue;
    words.set(field, [...(words.get(field) ?? []), line]);
  }
  return ['', ...fields].flatMap((name) => words.get(name) ?? []);
}

function whole(seconds: number): string {
  return `${Math.round(seconds)} s`;
}

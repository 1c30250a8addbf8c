import { parseArgs } from 'node:util';
import { wrapLines } from '../../scripts/report/wrap.ts';
import { againstGoals } from './goals.ts';
import { rowNames, rowsOf } from './rows.ts';

/** What the command line asks for. */
export interface Wish {
  /** Ours alone, against a commit, against Vagrant, or how soon commands print. */
  mode: 'alone' | 'against' | 'vagrant' | 'first-output';
  commit: string;
  /** Names of rows. */
  rows: string[];
  repeats: number;
  json: boolean;
}

const usage = `npm run bench                        how long labs take on this computer
npm run bench -- --against COMMIT    the same of another commit, and ratios
npm run bench -- --compare vagrant   the same labs on Vagrant, and ratios
npm run bench -- --first-output      how soon commands print their first line
  --rows ROW,ROW   these rows alone
  --repeats N      how often each is measured, 3 by default
  --json           one JSON document on stdout
${wrapLines(`rows: ${rowNames.join(' ')}`, 78)}
  load: all that begin with load-; 32: lab dr with 32 real servers`;

/** Rows that are measured where none are named. */
const defaultRows: Record<Wish['mode'], string[]> = {
  alone: ['dr', 'nat', 'tun', 'again', 'verify', 'reset', 'down', 'memory', 'load', 'web', 'further', '16'],
  against: Object.keys(againstGoals),
  vagrant: ['dr', 'nat', 'tun', 'again', 'verify', 'reset', 'down'],
  'first-output': [],
};

const options = {
  against: { type: 'string' },
  compare: { type: 'string' },
  'first-output': { type: 'boolean' },
  rows: { type: 'string' },
  repeats: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * @param words what follows `--` on npm's command line
 * @param env npm keeps an option that stands before `--` for itself, as npm_config_rows
 * @returns what to do, or a text to print, with the exit code
 */
export function parse(words: readonly string[], env: NodeJS.ProcessEnv): Wish | { text: string; code: number } {
  try {
    const { values } = parseArgs({ args: [...words], options });
    if (values.help) return { text: usage, code: 0 };
    const kept = Object.keys(options).find((name) => env[`npm_config_${name.replace('-', '_')}`]);
    if (kept) throw new Error(`npm took --${kept} for itself: write -- before it`);
    const mode = modeOf(values);
    if (values.rows !== undefined && mode === 'first-output') throw new Error('--first-output has no --rows');
    return {
      mode,
      commit: values.against ?? '',
      rows: values.rows === undefined ? defaultRows[mode] : namesIn(values.rows),
      repeats: repeatsIn(values.repeats ?? '3'),
      json: values.json ?? false,
    };
  } catch (error) {
    return { text: `${(error as Error).message}\n\n${usage}`, code: 2 };
  }
}

function modeOf(values: { against?: string; compare?: string; 'first-output'?: boolean }): Wish['mode'] {
  if (values.compare !== undefined && values.compare !== 'vagrant') throw new Error('--compare takes vagrant');
  if (values.against === '') throw new Error('--against takes a commit');
  const modes: (Wish['mode'] | undefined)[] = [
    values.against === undefined ? undefined : 'against',
    values.compare === undefined ? undefined : 'vagrant',
    values['first-output'] ? 'first-output' : undefined,
  ];
  const [mode = 'alone', ...more] = modes.filter((one) => one !== undefined);
  if (more.length > 0) throw new Error('one of --against, --compare and --first-output at a time');
  return mode;
}

function namesIn(list: string): string[] {
  const names = list.split(',').map((name) => name.trim());
  for (const name of names) {
    if (rowsOf([name]).length > 0) continue;
    throw new Error(/^\d+$/.test(name) ? `${name} real servers: 1 to 64 can be` : `there is no row "${name}"`);
  }
  return names;
}

function repeatsIn(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new Error('--repeats takes a number from 1 to 999');
}

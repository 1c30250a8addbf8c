import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { execa } from 'execa';
import { ConnectionError, MissingPartError, ProviderError } from '../errors.ts';
import { patient } from './patience.ts';

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Milliseconds; on a busy computer the limit is longer. Without it there is no limit. */
  timeoutMs?: number;
  input?: string | Uint8Array;
  /** Called with what it prints to stdout, when it is printed. */
  onOutput?: (text: string) => void;
  /** The last line end of what it prints is kept. */
  exact?: boolean;
  /** Called with each line of stdout and stderr when it is printed. */
  onLine?: (line: string) => void;
  /** The program gets this process's terminal instead of pipes. */
  terminal?: boolean;
  /** An open file of this process that the program gets as file descriptor 3. */
  fd?: number;
  /** Returns for any exit code, instead of throwing for one other than 0. */
  anyExitCode?: boolean;
  /** Ends the program, by SIGTERM at first, when it is aborted. */
  signal?: AbortSignal;
  /**
   * The program has a session of its own, so the terminal's Ctrl-C does not reach it, and an abort waits until it has ended. It gets SIGTERM
   * when this process ends, however that ends (PR_SET_PDEATHSIG, prctl(2)). If a signal ends it, its code is 128 and the signal's number,
   * as in a shell.
   */
  apart?: boolean;
}

export interface RunResult {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program to its end. No other code of the kit starts programs, except startDetached below.
 * @throws MissingPartError when there is no such program, ConnectionError when its time is over, ProviderError when
 * its exit code is not 0
 */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const timeout = options.timeoutMs === undefined ? undefined : patient(options.timeoutMs);
  const [file, words] = options.apart ? ['setpriv', ['--pdeathsig', 'TERM', program, ...args]] : [program, args];
  const child = execa(file, words, {
    reject: false,
    cleanup: true,
    all: options.onLine !== undefined,
    stdio: [
      options.terminal ? 'inherit' : options.input === undefined ? 'ignore' : 'pipe',
      options.terminal ? 'inherit' : 'pipe',
      options.terminal ? 'inherit' : 'pipe',
      ...(options.fd === undefined ? [] : [openFile(options.fd)]),
    ],
    ...(options.input !== undefined && { input: options.input }),
    ...(options.exact && { stripFinalNewline: false }),
    ...(options.cwd && { cwd: options.cwd }),
    ...(options.env && { env: options.env }),
    ...(options.signal && { cancelSignal: options.signal }),
    ...(options.apart && { detached: true, forceKillAfterDelay: false }),
    ...(timeout !== undefined && { timeout, forceKillAfterDelay: 2000 }),
  });
  if (options.onLine) {
    void forEachLine(child.iterable({ from: 'all', preserveNewlines: false, binary: false }), options.onLine);
  }
  if (options.onOutput) child.stdout?.on('data', (chunk: Buffer) => options.onOutput?.(chunk.toString()));
  const result = await child;
  const stdout = result.stdout ?? '';
  const stderr = result.stderr ?? '';
  const command = [program, ...args].join(' ');
  if (result.timedOut) {
    throw new ConnectionError(`${command}: not finished after ${Math.round((timeout ?? 0) / 100) / 10} s`, {
      tail: lastLines(stderr),
    });
  }
  if (options.apart && result.signal) return { code: 128 + constants.signals[result.signal], stdout, stderr };
  if (result.exitCode === undefined) {
    if (result.code === 'ENOENT') throw new MissingPartError(`${program} is not installed`, { tryThis: 'lab doctor' });
    throw new ProviderError(`${command}: ${result.shortMessage ?? 'could not be started'}`, {
      tail: lastLines(stderr),
    });
  }
  if (result.exitCode !== 0 && !options.anyExitCode) {
    throw new ProviderError(`${command}: exit code ${result.exitCode}`, { tail: lastLines(stderr || stdout) });
  }
  return { code: result.exitCode, stdout, stderr };
}

async function forEachLine(lines: AsyncIterable<string>, onLine: (line: string) => void): Promise<void> {
  try {
    for await (const line of lines) onLine(line);
  } catch {
    // The iterable fails when the program fails, and run() reports that.
  }
}

interface DetachedOptions {
  /** stdout and stderr of the program go here. */
  log: string;
  /** A file that the program reads as file descriptor 3. */
  input?: string;
  /** Called once if the program ends before this process. */
  onExit?: () => void;
}

/** Starts a program in a new session, so that it outlives this process. */
export function startDetached(program: string, args: readonly string[], options: DetachedOptions): { pid: number } {
  const log = openSync(options.log, 'a', 0o600);
  const input = options.input === undefined ? [] : [openSync(options.input, 'r')];
  try {
    const child = execa(program, args, {
      detached: true,
      cleanup: false,
      reject: false,
      buffer: false,
      stdio: ['ignore', openFile(log), openFile(log), ...input.map(openFile)],
    });
    child.unref();
    void child.then(() => options.onExit?.());
    if (child.pid === undefined) throw new MissingPartError(`${program} is not installed`, { tryThis: 'lab doctor' });
    return { pid: child.pid };
  } finally {
    for (const fd of [log, ...input]) closeSync(fd);
  }
}

/** execa passes on any open file, but its types know only the numbers up to 9. */
function openFile(fd: number): 3 {
  return fd as 3;
}

/** The end of a long output, short enough for an error message. */
export function lastLines(text: string, count = 8): string | undefined {
  const lines = text.trimEnd().split('\n').filter(Boolean);
  return lines.length > 0 ? lines.slice(-count).join('\n') : undefined;
}

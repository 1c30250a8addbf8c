import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { InterruptedError } from '../errors.ts';

/** Whether somebody can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/**
 * Asks on the terminal. Enter is yes.
 * @param before what was not done yet, for the message after Ctrl-C or Ctrl-D
 */
export async function agreed(question: string, before: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [Y/n] `);
    return /^(y(es)?)?$/i.test(answer.trim());
  } catch {
    throw new InterruptedError(`interrupted before ${before}`);
  } finally {
    terminal.close();
  }
}

/**
 * Reads a password, which the terminal does not show. The caller has asked for it.
 * @param before what was not done yet, for the message after Ctrl-C or Ctrl-D
 */
export async function secret(before: string): Promise<string> {
  const unseen = new Writable({ write: (_, __, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: unseen, terminal: true, historySize: 0 });
  const interrupted = new AbortController();
  for (const event of ['SIGINT', 'close'] as const) terminal.once(event, () => interrupted.abort());
  try {
    return await terminal.question('', { signal: interrupted.signal });
  } catch {
    throw new InterruptedError(`interrupted before ${before}`);
  } finally {
    terminal.close();
  }
}

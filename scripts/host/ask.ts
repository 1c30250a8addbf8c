import { createInterface } from 'node:readline/promises';
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

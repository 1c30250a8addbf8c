import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { ConnectionError, ScriptError } from '../../errors.ts';
import { lastLines } from '../../host/exec.ts';
import { JsonLines } from './json-lines.ts';

const execution = z.object({ pid: z.number() });

/** Guest-exec-status of the reference; the data in base64. */
const executionStatus = z.object({
  exited: z.boolean(),
  exitcode: z.number().optional(),
  'out-data': z.string().optional(),
  'err-data': z.string().optional(),
});
type ExecutionStatus = z.infer<typeof executionStatus>;

/** Debian's qemu-guest-agent: a way into the guest that is not its network. */
export class Agent {
  readonly #qga: JsonLines;
  readonly #node: string;

  private constructor(qga: JsonLines, node: string) {
    this.#qga = qga;
    this.#node = node;
  }

  /** @throws ConnectionError when the agent in the guest does not answer in time */
  static async open(socket: string, node: string, deadlineMs: number, alive?: () => void): Promise<Agent> {
    const start = performance.now();
    const qga = await JsonLines.open(socket, `guest agent of ${node}`, deadlineMs, alive);
    try {
      await qga.synchronize(Math.max(1, deadlineMs - (performance.now() - start)));
    } catch (error) {
      qga.close();
      throw error;
    }
    return new Agent(qga, node);
  }

  /**
   * Runs a POSIX script in the guest; its arguments need no quoting.
   * @returns what it wrote to stdout
   * @throws ScriptError when it ends with another exit code than 0
   */
  async sh(step: string, script: string, args: readonly string[], deadlineMs: number): Promise<string> {
    const end = performance.now() + deadlineMs;
    const { pid } = await this.#qga.ask(execution, 'guest-exec', {
      path: '/bin/sh',
      arg: ['-s', '--', ...args],
      'input-data': Buffer.from(script).toString('base64'),
      'capture-output': true,
    });
    for (;;) {
      const status = await this.#qga.ask(executionStatus, 'guest-exec-status', { pid });
      if (status.exited) return this.#outcome(step, status);
      if (performance.now() > end) {
        throw new ConnectionError(`not done after ${deadlineMs / 1000} s`, { node: this.#node, step });
      }
      await pause(15);
    }
  }

  close(): void {
    this.#qga.close();
  }

  #outcome(step: string, status: ExecutionStatus): string {
    const text = (data = '') => Buffer.from(data, 'base64').toString();
    if (status.exitcode !== 0) {
      throw new ScriptError(`exit code ${status.exitcode}`, {
        node: this.#node,
        step,
        tail: lastLines(text(status['err-data']) || text(status['out-data'])),
      });
    }
    return text(status['out-data']);
  }
}

import { z } from 'zod';
import { ScriptError } from '../../errors.ts';
import { lastLines } from '../../host/exec.ts';
import type { Wait } from '../../host/patience.ts';
import { waitFor } from '../../host/wait.ts';
import { JsonLines, type Listening } from './json-lines.ts';

const execution = z.object({ pid: z.number() });

/** GuestExecStatus of the guest agent's reference. The data are in base64. */
const executionStatus = z.object({
  exited: z.boolean(),
  exitcode: z.number().optional(),
  'out-data': z.string().optional(),
  'err-data': z.string().optional(),
});
type ExecutionStatus = z.infer<typeof executionStatus>;

/** Debian's qemu-guest-agent, which runs scripts in the guest without its network. */
export class Agent {
  readonly #qga: JsonLines;
  readonly #node: string;
  readonly #wait: Wait;

  private constructor(qga: JsonLines, node: string, wait: Wait) {
    this.#qga = qga;
    this.#node = node;
    this.#wait = wait;
  }

  /** @throws ConnectionError when the agent in the guest does not answer in time */
  static async open(socket: string, node: string, listening: Listening): Promise<Agent> {
    const qga = await JsonLines.open(socket, `guest agent of ${node}`, listening);
    try {
      await qga.synchronize();
    } catch (error) {
      qga.close();
      throw error;
    }
    return new Agent(qga, node, listening);
  }

  /**
   * Runs a POSIX script in the guest. Its arguments need no quoting.
   * @returns its stdout
   * @throws ScriptError when its exit code is not 0
   */
  async sh(step: string, script: string, args: readonly string[]): Promise<string> {
    const { pid } = await this.#qga.ask(execution, 'guest-exec', {
      path: '/bin/sh',
      arg: ['-s', '--', ...args],
      'input-data': Buffer.from(script).toString('base64'),
      'capture-output': true,
    });
    const look = async () => {
      const status = await this.#qga.ask(executionStatus, 'guest-exec-status', { pid });
      return status.exited ? status : undefined;
    };
    const facts = () => ({ node: this.#node, step });
    return this.#outcome(step, await waitFor(look, { ...this.#wait, what: 'end of the script', everyMs: 15, facts }));
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

import { z } from 'zod';
import { JsonLines, type Listening } from './json-lines.ts';

/** The commands that the kit gives a QEMU process over QMP. */
export class Monitor {
  readonly #qmp: JsonLines;

  private constructor(qmp: JsonLines) {
    this.#qmp = qmp;
  }

  static async open(socket: string, who: string, listening: Listening): Promise<Monitor> {
    const qmp = await JsonLines.open(socket, `QEMU of ${who}`, listening);
    try {
      await qmp.request('qmp_capabilities');
    } catch (error) {
      qmp.close();
      throw error;
    }
    return new Monitor(qmp);
  }

  /** Leaves memory that is a shared file out of the state that is saved or restored. */
  async ignoreSharedMemory(): Promise<void> {
    await this.#qmp.request('migrate-set-capabilities', {
      capabilities: [{ capability: 'x-ignore-shared', state: true }],
    });
  }

  async stop(): Promise<void> {
    await this.#qmp.request('stop');
  }

  async resume(): Promise<void> {
    await this.#qmp.request('cont');
  }

  /** Sets no limit to the speed at which memory is saved. QEMU's own is meant for a network. */
  async saveAtFullSpeed(): Promise<void> {
    await this.#qmp.request('migrate-set-parameters', { 'max-bandwidth': 2 ** 40 });
  }

  /** Sends the device state, and memory that is not ignored, to a Unix socket. */
  async saveTo(socket: string): Promise<void> {
    await this.#qmp.request('migrate', { uri: `unix:${socket}` });
  }

  /** Gives up what is being sent, which takes QEMU a moment. */
  async cancelSave(): Promise<void> {
    await this.#qmp.request('migrate_cancel');
  }

  /** active, completed, failed, …: QMP's MigrationStatus. */
  async saveStatus(): Promise<string> {
    return (await this.#qmp.ask(z.object({ status: z.string().default('none') }), 'query-migrate')).status;
  }

  /** Reads the device state from an open file that QEMU inherited. */
  async restoreFrom(fd: number): Promise<void> {
    await this.#qmp.request('migrate-incoming', { uri: `fd:${fd}` });
  }

  /** running, paused, inmigrate, …: QMP's RunState. */
  async state(): Promise<string> {
    return (await this.#qmp.ask(z.object({ status: z.string() }), 'query-status')).status;
  }

  /** The loopback port that the kernel chose for the guest's SSH. */
  async sshPort(): Promise<number | undefined> {
    const command = { 'command-line': 'info usernet' };
    return parseForwardedPort(await this.#qmp.ask(z.string(), 'human-monitor-command', command));
  }

  async quit(): Promise<void> {
    await this.#qmp.request('quit');
  }

  close(): void {
    this.#qmp.close();
  }
}

/** Finds the host's port in HMP's `info usernet`: a row of protocol, fd, source address, port, destination, port. */
export function parseForwardedPort(text: string): number | undefined {
  const port = /TCP\[HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)/.exec(text)?.[1];
  return port === undefined ? undefined : Number(port);
}

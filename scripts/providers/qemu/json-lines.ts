import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { ZodType } from 'zod';
import { ConnectionError, ProviderError } from '../../errors.ts';
import { Patience, type Wait } from '../../host/patience.ts';
import { within } from '../../host/wait.ts';

/** How long to wait for the other side: until it listens, and for each answer. */
export interface Listening extends Wait {
  /** Called while waiting; an error that it throws ends the wait. */
  alive?: () => void;
}

interface Reply {
  return?: unknown;
  error?: { desc?: string };
}

/**
 * Requests and answers in JSON lines over a Unix socket, one request at a time, as QEMU's monitor (QMP, docs/interop/qmp-spec) and
 * the guest agent (QGA, docs/interop/qemu-ga-ref) understand them. Greetings and events are ignored.
 */
export class JsonLines {
  readonly #socket: Socket;
  readonly #who: string;
  readonly #wait: Wait;
  #waiting: ((reply: Reply | ConnectionError) => void) | undefined;
  /** The awaited reply, while replies to an earlier client are ignored. */
  #wanted: unknown;

  private constructor(socket: Socket, who: string, wait: Wait) {
    this.#socket = socket;
    this.#who = who;
    this.#wait = wait;
    // readline passes on the socket's errors. Each is followed by a close, which is handled below.
    const lines = createInterface({ input: socket }).on('line', (line) => this.#take(line));
    for (const source of [socket, lines]) source.on('error', () => {});
    socket.on('close', () => this.#waiting?.(new ConnectionError(`${who} closed the connection`)));
  }

  /** Connects, and tries again until a process listens. */
  static async open(path: string, who: string, { alive = () => {}, ...wait }: Listening): Promise<JsonLines> {
    const patience = new Patience(wait);
    for (;;) {
      try {
        return new JsonLines(await dial(path), who, wait);
      } catch (error) {
        alive();
        const lost = await patience.lost();
        if (lost) {
          throw new ConnectionError(`${who}: no answer at ${path} ${lost}`, { cause: (error as Error).message });
        }
        await pause(5);
      }
    }
  }

  /** @throws ProviderError with the other side's message when it refuses, ConnectionError when it does not answer */
  async request(command: string, args: Record<string, unknown> = {}): Promise<unknown> {
    const reply = await this.#exchange({ execute: command, arguments: args }, command);
    if (reply.error)
      throw new ProviderError(`${this.#who} refused ${command}: ${reply.error.desc ?? JSON.stringify(reply.error)}`);
    return reply.return;
  }

  /** Like `request`, for commands with an answer. @throws ProviderError also for an answer of another shape */
  async ask<T>(shape: ZodType<T>, command: string, args: Record<string, unknown> = {}): Promise<T> {
    const answer = await this.request(command, args);
    const { success, data } = shape.safeParse(answer);
    if (success) return data;
    throw new ProviderError(`${this.#who} gave an answer to ${command} that QEMU's reference does not know`, {
      tail: String(JSON.stringify(answer)).slice(0, 400),
    });
  }

  /** Ignores what an earlier client left unread (guest-sync in the guest agent's reference). */
  async synchronize(): Promise<void> {
    const id = Math.floor(Math.random() * 2 ** 31);
    this.#wanted = id;
    await this.#exchange({ execute: 'guest-sync', arguments: { id } }, 'guest-sync');
    this.#wanted = undefined;
  }

  close(): void {
    this.#socket.destroy();
  }

  #exchange(message: object, what: string): Promise<Reply> {
    const reply = this.#next();
    this.#socket.write(`${JSON.stringify(message)}\n`);
    return within(reply, this.#wait, `${this.#who}: ${what}`);
  }

  #next(): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#waiting = (reply) => {
        this.#waiting = undefined;
        if (reply instanceof ConnectionError) reject(reply);
        else resolve(reply);
      };
      if (this.#socket.destroyed) this.#waiting(new ConnectionError(`${this.#who} closed the connection`));
    });
  }

  #take(line: string): void {
    let message: Reply;
    try {
      message = JSON.parse(line.replace(/^[^{]*/, '')) as Reply;
    } catch {
      return;
    }
    if (this.#wanted !== undefined && message.return !== this.#wanted) return;
    if ('return' in message || 'error' in message) this.#waiting?.(message);
  }
}

function dial(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.removeListener('error', reject);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

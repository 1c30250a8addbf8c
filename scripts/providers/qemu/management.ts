import { connect, type Socket } from 'node:net';
import { ConnectionError, ProviderError } from '../../errors.ts';
import type { Wait } from '../../host/patience.ts';
import { within } from '../../host/wait.ts';

/** Bytes of a command, with its end: MAXCMD in vde's consmgmt.c and wirefilter.c. */
const longestCommand = 127;

/**
 * A session with the management socket of a vde_switch or a wirefilter (vde_switch(1), wirefilter(1)). Both greet, print a prompt,
 * and answer a command with its data, a line of four digits, and the next prompt.
 */
export class Management {
  readonly #socket: Socket;
  readonly #who: string;
  readonly #wait: Wait;
  #output = '';
  #heard: () => void = () => {};

  private constructor(socket: Socket, who: string, wait: Wait) {
    this.#socket = socket;
    this.#who = who;
    this.#wait = wait;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      this.#output += text;
      this.#heard();
    });
    socket.on('error', () => {}); // a close follows
    socket.on('close', () => this.#heard());
  }

  /** @param who in error messages: "the switch of network front" */
  static async open(path: string, who: string, wait: Wait): Promise<Management> {
    const session = new Management(connect(path), who, wait);
    try {
      await session.#untilPrompt('greeting');
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  /** Does all of this in a session of its own. */
  static async with<T>(
    [path, who, wait]: readonly [path: string, who: string, wait: Wait],
    work: (session: Management) => Promise<T>,
  ): Promise<T> {
    const session = await Management.open(path, who, wait);
    try {
      return await work(session);
    } finally {
      session.close();
    }
  }

  /**
   * @returns the data of the answer; empty for commands that only do something
   * @throws ProviderError when it refuses, ConnectionError when it does not answer
   */
  async command(text: string): Promise<string> {
    if (Buffer.byteLength(text) >= longestCommand) {
      throw new ProviderError(`${this.#who} takes no command as long as ${text}`);
    }
    this.#socket.write(`${text}\n`);
    const answer = await this.#untilPrompt(text);
    const [, data = '', code, meaning] = /^(?:0000 [^\n]*\n(.*?)\.\n)?(1\d{3}) ([^\n]*)\n$/s.exec(answer) ?? [];
    if (code === '1000') return data;
    throw new ProviderError(`${this.#who} refused ${text}: ${meaning ?? answer.slice(0, 200)}`);
  }

  /** Whether it does what the command says: it refuses what is done already. */
  async attempt(text: string): Promise<boolean> {
    try {
      await this.command(text);
      return true;
    } catch (error) {
      if (error instanceof ProviderError) return false;
      throw error;
    }
  }

  async commands(texts: readonly string[]): Promise<void> {
    for (const text of texts) await this.command(text);
  }

  close(): void {
    this.#socket.destroy();
  }

  /** The output before the next prompt. */
  #untilPrompt(what: string): Promise<string> {
    const answer = new Promise<string>((resolve, reject) => {
      this.#heard = () => {
        const prompt = /\n(vde|VDEwf)\$ $/.exec(this.#output);
        if (prompt) {
          resolve(this.#output.slice(0, prompt.index));
          this.#output = '';
        } else if (this.#socket.destroyed) reject(new ConnectionError(`${this.#who} closed the connection`));
      };
      this.#heard();
    });
    return within(answer, this.#wait, `${this.#who}: ${what}`);
  }
}

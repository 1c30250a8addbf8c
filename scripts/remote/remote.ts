import { constants } from 'node:os';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { NodeSSH } from 'node-ssh';
import { ConnectionError, type Facts } from '../errors.ts';
import { unlessInterrupted } from '../host/interrupt.ts';
import { type Effort, Patience, type Wait } from '../host/patience.ts';
import { within } from '../host/wait.ts';
import type { Machine } from '../providers/provider.ts';
import { connectOpenSsh, type OpenSshHost } from './openssh.ts';
import { findSudo, plainSudo, type Sudo } from './sudo.ts';
import type { Transport } from './transport.ts';

/** The kit asks a node every `everyMs` milliseconds whether it is alive. Without an answer `times` times, the connection is lost. */
const keepalive = { everyMs: 5000, times: 24 };

export interface RemoteResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** An SSH connection to a node: by node-ssh, which no other code of the kit uses, or by OpenSSH’s client. */
export class Remote {
  readonly node: string;
  readonly #via: Transport;
  readonly #sudo: Sudo;
  readonly #effort: Effort | undefined;

  private constructor(node: string, via: Transport, sudo: Sudo, lab: Effort | undefined) {
    this.node = node;
    this.#effort = lab;
    this.#via = via;
    this.#sudo = sudo;
  }

  /**
   * A machine that is not the kit's own, by OpenSSH's client. It answers as the kit's machines do.
   * @param ask gets the password of sudo from a person, if sudo wants one
   * @throws ConnectionError when ssh cannot log in, or sudo refuses
   */
  static async connectOpenSsh(node: string, host: OpenSshHost, ask?: () => Promise<string>): Promise<Remote> {
    const via = await connectOpenSsh(host);
    try {
      return new Remote(node, via, await findSudo(node, via, ask), undefined);
    } catch (error) {
      via.close();
      throw error;
    }
  }

  /**
   * @param lab the effort of all machines of the lab: a command on one may wait for another
   * @param deadlineMs idle milliseconds, see Wait
   * @throws ConnectionError when there is no answer in time, or an answer with another host key
   */
  static async connect(machine: Machine, lab = machine.effort, deadlineMs = 20_000): Promise<Remote> {
    const wait = { deadlineMs, effort: machine.effort };
    const patience = new Patience(wait);
    for (;;) {
      try {
        const via = nodeSsh(await Remote.#dial(machine, wait));
        return new Remote(machine.node, via, plainSudo(machine.ssh.user === 'root' ? '' : 'sudo '), lab);
      } catch (error) {
        const { message } = error as Error;
        const refused = message.includes('Host denied');
        const final = refused || message.includes('authentication methods failed');
        if (final || error instanceof ConnectionError || (await patience.lost())) {
          throw unreachable(machine, error as Error, refused);
        }
        await pause(100);
      }
    }
  }

  static async #dial({ ssh: endpoint }: Machine, wait: Wait): Promise<NodeSSH> {
    const ssh = new NodeSSH();
    const expected = endpoint.hostKey.split(' ')[1];
    const connecting = ssh.connect({
      host: endpoint.host,
      port: endpoint.port,
      username: endpoint.user,
      privateKeyPath: endpoint.identityFile,
      hostVerifier: (key: Buffer) => key.toString('base64') === expected,
      readyTimeout: 0, // `within` ends the wait
      // Without this, ssh2 tries "none" first, which sshd refuses slowly.
      authHandler: ['publickey'],
      keepaliveInterval: keepalive.everyMs,
      keepaliveCountMax: keepalive.times,
      // The cheapest algorithms that are secure: they cost an emulated guest much time.
      algorithms: {
        kex: ['curve25519-sha256'],
        serverHostKey: ['ssh-ed25519'],
        cipher: ['aes128-gcm@openssh.com', 'aes128-ctr'],
      },
    });
    try {
      await within(connecting, wait, 'SSH login');
    } catch (error) {
      ssh.connection?.destroy(); // a server may accept the connection and never answer
      throw error;
    }
    return ssh;
  }

  /**
   * Runs a shell command on the node. The exit code of a command that a signal killed is 128 plus the signal, as in a shell.
   * @param options.input goes to its stdin
   * @param options.onOutput gets its output while it runs, so that something is known if the connection breaks
   * @throws ConnectionError when it does not end in time or the connection is lost, InterruptedError at Ctrl-C
   */
  async exec(
    command: string,
    options: { input?: string | Buffer; deadlineMs: number; step?: string; onOutput?: (text: string) => void },
  ): Promise<RemoteResult> {
    const facts: Facts = { node: this.node, step: options.step };
    const { onOutput } = options;
    const before = this.#sudo.before(command);
    const input =
      before === '' ? options.input : Buffer.concat([Buffer.from(before), Buffer.from(options.input ?? '')]);
    const running = this.#via
      .execute(command, { ...(input !== undefined && { input }), ...(onOutput && { onOutput }) })
      .catch((error: Error) => {
        throw this.#connectionLost(facts, error);
      });
    running.catch(() => {});
    const inTime = within(running, { deadlineMs: options.deadlineMs, effort: this.#effort }, 'command over SSH', facts);
    const { code, signal, stdout, stderr } = await unlessInterrupted(inTime);
    const ended = code ?? killedCode(signal);
    // If the connection breaks, the promise resolves without code and signal.
    if (ended === undefined) throw this.#connectionLost(facts, this.#via.broken);
    return { code: ended, stdout, stderr };
  }

  #connectionLost(facts: Facts, error: Error | undefined): ConnectionError {
    return new ConnectionError(`connection lost${error ? `: ${error.message}` : ''}`, {
      ...facts,
      cause: 'the machine ended, was reset or hangs',
      tryThis: 'lab up, which puts the lab right; lab status shows whether the machine runs',
    });
  }

  /** The command, run as root. On boxes where another user logs in, sudo needs no password. */
  asRoot(command: string): string {
    return this.#sudo.asRoot(command);
  }

  close(): void {
    this.#via.close();
  }
}

/** A connection of node-ssh. */
function nodeSsh(ssh: NodeSSH): Transport {
  let broken: Error | undefined;
  // node-ssh removes its own listener when it is connected. Without a listener a lost connection would end this process.
  ssh.connection?.on('error', (error) => {
    broken = error;
  });
  return {
    get broken() {
      return broken;
    },
    execute(command, { input, onOutput }) {
      const stdin = input === undefined ? {} : { stdin: Readable.from([input], { objectMode: false }) };
      return ssh.execCommand(command, { noTrim: true, onStdout: (chunk) => onOutput?.(chunk.toString()), ...stdin });
    },
    close: () => ssh.dispose(),
  };
}

/** Exit code of a command that a signal killed: 137 for `SIGKILL`, or `KILL` as in RFC 4254; 128 for a signal without a name. */
function killedCode(signal: string | null): number | undefined {
  if (!signal) return undefined;
  return 128 + (constants.signals[`SIG${signal.replace(/^SIG/, '')}` as NodeJS.Signals] ?? 0);
}

function unreachable({ node, ssh: { host, port } }: Machine, error: Error, refused: boolean): ConnectionError {
  if (refused) {
    return new ConnectionError('the machine answers with another host key than it was given', {
      node,
      cause: `another machine answers on ${host}:${port}`,
      tryThis: 'lab status, which shows its lab; lab reset replaces the machine by a new one',
    });
  }
  return new ConnectionError(`no SSH on ${host}:${port}: ${error.message}`, {
    node,
    cause: 'the machine hangs, or its management network is down',
    tryThis: 'lab status, which shows its lab; lab reset replaces the machine by a new one',
  });
}

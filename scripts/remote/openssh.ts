import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ConnectionError } from '../errors.ts';
import { lastLines, type RunOptions, type RunResult, run } from '../host/exec.ts';
import { runtimeFolder } from '../host/paths.ts';
import { shellQuote } from '../render/shell-quote.ts';
import { type Destination, sshTrouble } from './ssh-troubles.ts';
import type { Ended, Transport } from './transport.ts';

/** OpenSSH asks for no password, and accepts no host key that known_hosts does not have. */
const strict = ['-T', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes', '-o', 'ConnectTimeout=15'];

/** A host as OpenSSH's own client reaches it: by the user's ssh_config, known_hosts, agent and jump hosts. */
export interface OpenSshHost extends Destination {
  /** An ssh_config in place of the user's. */
  config?: string;
}

/** Seconds after which the shared connection of a command that was killed ends by itself. */
const persist = 60;

const loginLimitMs = 60_000;

let connections = 0;

/** Calls OpenSSH's client. No other code of the kit logs in to a machine that is not the kit's own. */
export function callSsh(
  { config, url }: OpenSshHost,
  args: readonly string[],
  command: string | undefined,
  options: RunOptions,
): Promise<RunResult> {
  const file = config === undefined ? [] : ['-F', config];
  const words = command === undefined ? [] : [command];
  return run('ssh', [...file, ...strict, ...args, '--', url, ...words], { anyExitCode: true, ...options });
}

/** The error for a login that failed, by what ssh printed. */
export function notLoggedIn(to: Destination, code: number, stderr: string): ConnectionError {
  const known = sshTrouble(stderr, to);
  const why = code === 255 ? 'ssh could not log in' : `ssh ended with exit code ${code} before all was read`;
  return new ConnectionError(`${to.host}: ${known?.what ?? why}`, {
    tail: lastLines(stderr, 4),
    tryThis: known?.tryThis ?? `ssh -o BatchMode=yes ${to.url} true`,
  });
}

/**
 * One connection (ControlMaster) over which all commands of this process run.
 * @throws ConnectionError when ssh cannot log in, with what it saw
 */
export async function connectOpenSsh(host: OpenSshHost): Promise<Transport> {
  const key = createHash('sha256').update(`${process.pid} ${connections++} ${host.url}`).digest('hex').slice(0, 10);
  const socket = join(runtimeFolder(), `ssh-${key}`);
  const share = ['-o', `ControlPath=${socket.replaceAll('%', '%%')}`];
  const master = ['-o', 'ControlMaster=yes', '-o', `ControlPersist=${persist}`, '-N', '-f'];
  const alive = ['-o', 'ServerAliveInterval=5', '-o', 'ServerAliveCountMax=24'];
  const { code, stderr } = await callSsh(host, [...share, ...master, ...alive], undefined, { timeoutMs: loginLimitMs });
  if (code !== 0) throw notLoggedIn(host, code, stderr);
  return new SharedConnection(host, share);
}

class SharedConnection implements Transport {
  readonly #host: OpenSshHost;
  readonly #share: readonly string[];
  readonly #over = new AbortController();
  broken: Error | undefined;

  constructor(host: OpenSshHost, share: readonly string[]) {
    this.#host = host;
    this.#share = share;
  }

  async execute(command: string, { input, onOutput }: Parameters<Transport['execute']>[1]): Promise<Ended> {
    const { code, stdout, stderr } = await callSsh(
      this.#host,
      [...this.#share, '-o', 'ControlMaster=no'],
      told(command),
      {
        ...(input !== undefined && { input }),
        ...(onOutput && { onOutput }),
        exact: true,
        apart: true,
        signal: this.#over.signal,
      },
    );
    // ssh ends with 255 when the connection breaks; so may a command.
    if (code !== 255 || (await this.#lives())) return { code, signal: null, stdout, stderr };
    this.broken = new Error(lastLines(stderr, 1) ?? 'ssh ended with exit code 255');
    return { code: null, signal: null, stdout, stderr };
  }

  async #lives(): Promise<boolean> {
    const { code } = await callSsh(this.#host, [...this.#share, '-O', 'check'], undefined, { timeoutMs: 10_000 });
    return code === 0;
  }

  close(): void {
    this.#over.abort();
    void callSsh(this.#host, [...this.#share, '-O', 'exit'], undefined, { timeoutMs: 10_000 }).catch(() => {});
  }
}

/** The command in a shell that tells of a signal by its exit code: ssh itself says 255 for each. */
function told(command: string): string {
  return `sh -c ${shellQuote(`${command}\nexit $?`)}`;
}

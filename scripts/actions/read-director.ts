import { InterruptedError, ScriptError, UsageError } from '../errors.ts';
import { agreed, canAsk, secret } from '../host/ask.ts';
import { lastLines } from '../host/exec.ts';
import {
  type Answer,
  answersIn,
  type DirectorCommand,
  directorCommands,
  directorScript,
  directorSources,
  type Found,
} from '../import/director.ts';
import { callSsh, notLoggedIn } from '../remote/openssh.ts';
import { Remote, type RemoteResult } from '../remote/remote.ts';
import { sudoWantsPassword } from '../remote/sudo.ts';
import { say } from '../report/output.ts';

/** A director that can be logged in to: ssh://user@host:port. */
interface Address {
  url: string;
  user: string | undefined;
  host: string;
}

/** Milliseconds; the commands print a few kilobytes. */
const limitMs = 60_000;

/** Whether an argument names a live director instead of a file. */
export function isDirector(argument: string): boolean {
  return argument.startsWith('ssh://');
}

/**
 * Reads the configuration of a live director over SSH, after it has shown the commands and asked.
 * @throws UsageError for an address that is none, or when nobody can be asked
 * @throws ConnectionError when ssh cannot log in, ScriptError when the director has neither a table nor keepalived.conf
 */
export async function readDirector(argument: string, { yes }: { yes: boolean }): Promise<Found> {
  const address = addressIn(argument);
  const { host, user } = address;
  const commands = directorCommands(user);
  say(
    [
      `  on ${host}, these commands read its configuration and change nothing:`,
      ...commands.map(({ command }) => `    ${command}`),
    ].join('\n'),
  );
  if (!yes) await ask(host);
  const { code, stdout, stderr } = await answerOf(address, commands);
  const answers = answersIn(stdout, commands);
  if (!answers) throw notLoggedIn(address, code, stderr);
  const found = directorSources(host, answers);
  if (found.sources.some(({ name }) => /:(ipvsadm-save|keepalived\.conf)$/.test(name))) return found;
  throw empty(host, commands, answers, stderr);
}

/** What the commands print. Where sudo wants a password and a person is there, it is asked for once. */
async function answerOf(address: Address, commands: readonly DirectorCommand[]): Promise<RemoteResult> {
  const { host } = address;
  const answer = await callSsh(address, [], directorScript(commands), { timeoutMs: limitMs });
  if (!sudoWantsPassword(answer.stderr) || !canAsk()) return answer;
  const remote = await Remote.connectOpenSsh(host, address, () => {
    say(`  sudo on ${host} wants your password there; it is not shown:`);
    return secret(`root’s files on ${host} were read`);
  });
  try {
    const input = directorScript(directorCommands('root'));
    return await remote.exec(remote.asRoot('sh -s'), { input, deadlineMs: limitMs });
  } finally {
    remote.close();
  }
}

function addressIn(argument: string): Address {
  const [, user, host, port] =
    /^ssh:\/\/(?:([\w.-]+)@)?([\w.-]+|\[[\da-fA-F:]+\])(?::(\d{1,5}))?\/?$/.exec(argument) ?? [];
  if (!host || host.startsWith('-') || user?.startsWith('-'))
    throw new UsageError(`${argument} is not the address of a director`, {
      tryThis: 'ssh://user@host or ssh://user@host:port',
    });
  return { url: `ssh://${user ? `${user}@` : ''}${host}${port ? `:${port}` : ''}`, user, host };
}

async function ask(host: string): Promise<void> {
  if (!canAsk())
    throw new UsageError(`lab import asks before it runs commands on ${host}, and nobody can answer here`, {
      tryThis: '--yes',
    });
  if (!(await agreed('Run them?', `anything ran on ${host}`))) throw new InterruptedError(`nothing ran on ${host}`);
}

function empty(
  host: string,
  commands: readonly DirectorCommand[],
  answers: ReadonlyMap<string, Answer>,
  stderr: string,
): ScriptError {
  const failed = commands.slice(0, 2).filter(({ name }) => answers.get(name)?.code !== 0);
  const what = failed.length > 0 ? failed.map(({ command }) => `${command} failed`).join(', ') : 'its table is empty';
  return new ScriptError(`${host} has no configuration that can be read: ${what}`, {
    node: host,
    tail: lastLines(stderr, 4),
    tryThis: 'log in as root, or on a terminal, where sudo can ask for its password',
  });
}

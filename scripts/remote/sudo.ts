import { ConnectionError } from '../errors.ts';
import { lastLines } from '../host/exec.ts';
import { shellQuote } from '../render/shell-quote.ts';
import type { Transport } from './transport.ts';

/** How commands become root’s on a machine. */
export interface Sudo {
  /** The command, run as root. */
  asRoot(command: string): string;
  /** What a command of `asRoot` must read before its own input; empty for any other command. */
  before(command: string): string;
}

/** Root itself, and users whose sudo asks for nothing. */
export function plainSudo(prefix: string): Sudo {
  return { asRoot: (command) => `${prefix}${command}`, before: () => '' };
}

const withPassword = "sudo -k -S -p '' sh -c ";
const mark = 'lvs-lab:input';

/**
 * sudo that reads a password from its stdin, which is no argument that others can see. It always asks (-k). Where it does not, because
 * of a rule of its own, the shell drops the line of the password, so no command ever gets it.
 */
export function passwordSudo(password: string): Sudo {
  const drop = `IFS= read -r line; [ "$line" = ${mark} ] || IFS= read -r line; unset line\n`;
  return {
    asRoot: (command) => `${withPassword}${shellQuote(drop + command)}`,
    before: (command) => (command.startsWith(withPassword) ? `${password}\n${mark}\n` : ''),
  };
}

/**
 * Finds out how the user becomes root.
 * @param ask gets the password from a person, once; without it nobody can be asked
 * @throws ConnectionError when sudo refuses
 */
export async function findSudo(node: string, via: Transport, ask: (() => Promise<string>) | undefined): Promise<Sudo> {
  const id = await via.execute('id -u', {});
  if (id.stdout.trim() === '0') return plainSudo('');
  const free = await via.execute('LC_ALL=C sudo -k -n sh -c :', {});
  if (free.code === 0) return plainSudo('sudo -n ');
  if (!sudoWantsPassword(free.stderr) || !ask)
    throw refused(node, 'sudo lets you run nothing without a password', free.stderr);
  const password = await ask();
  const tried = await via.execute(`${withPassword}:`, { input: `${password}\n` });
  if (tried.code !== 0) throw refused(node, 'sudo did not take the password', tried.stderr);
  return passwordSudo(password);
}

/** Whether `sudo -n` failed because it may not ask, by what it printed in the C locale. */
export function sudoWantsPassword(stderr: string): boolean {
  return /^sudo: .*(password is required|no tty present)/m.test(stderr);
}

function refused(node: string, what: string, stderr: string): ConnectionError {
  return new ConnectionError(what, {
    node,
    tail: lastLines(stderr, 3),
    tryThis: 'log in as root, or as a user whose sudo may run sh; sudo -v there shows whether it may',
  });
}

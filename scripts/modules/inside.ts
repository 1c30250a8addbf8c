import { type RunResult, run } from '../host/exec.ts';
import { isRoot } from '../host/user.ts';

/** Ends all processes of it with this one, and gives the program nothing of this computer but /dev. */
const script = `mount --rbind /dev "$1/dev"
tree=$1
shift
exec chroot "$tree" /usr/bin/env -i PATH=/usr/bin:/usr/sbin HOME=/ LC_ALL=C "$@"`;

interface InsideOptions {
  onLine?: (line: string) => void;
  input?: string;
}

/**
 * Runs a program in a build root. Root changes into it; other users do so in a namespace in which they count as root.
 * @returns for any exit code
 */
export function runInside(tree: string, command: readonly string[], options: InsideOptions = {}): Promise<RunResult> {
  const asRoot = isRoot() ? [] : ['--map-root-user'];
  const namespace = ['unshare', ...asRoot, '--mount', '--pid', '--fork', '--kill-child'];
  return run('setpriv', ['--pdeathsig', 'KILL', ...namespace, 'sh', '-euc', script, 'sh', tree, ...command], {
    ...options,
    anyExitCode: true,
    timeoutMs: 1_800_000,
  });
}

import { execFileSync } from 'node:child_process';
import { isRoot } from '../scripts/host/user.ts';

/** What `unshare` needs to be told for namespaces in which tests may mount: root has the right, others get it in one of users. */
export const unshareArguments = [...(isRoot() ? [] : ['--user', '--map-root-user']), ...['--mount', '--net', '--ipc']];

/** Whether this computer lets tests mount at all: some forbid namespaces to users, or to containers. */
export const mayMount = ((): boolean => {
  try {
    execFileSync('unshare', [...unshareArguments, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

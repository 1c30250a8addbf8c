import { userInfo } from 'node:os';
import { readIfThere } from '../../host/files.ts';
import { isRoot, userId } from '../../host/user.ts';
import type { Finding } from '../provider.ts';

/** Without root, the guest image is built in a user namespace, which needs subordinate IDs of the user (subuid(5)). */
export async function probeUserNamespaces(): Promise<Finding[]> {
  if (isRoot()) return [];
  const uid = userId();
  const username = nameOfUser();
  const lines = ((await readIfThere('/etc/subuid')) ?? '').split('\n');
  const ok = lines.some((line) => line.startsWith(`${username}:`) || line.startsWith(`${uid}:`));
  const mend = `sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${username}`;
  const found = ok ? 'installed: builds the guest image without root' : '/etc/subuid has no line for you';
  return [{ subject: 'user namespaces', ok, found, ...(!ok && { mend }) }];
}

/** In a container the user may have no name. */
function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return String(userId());
  }
}

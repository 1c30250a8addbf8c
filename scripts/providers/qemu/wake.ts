import type { Place } from '../../host/paths.ts';
import { guestHostKey, userKey } from '../../host/ssh-keys.ts';
import { filesOf, freshArguments, tellGuest } from './clone.ts';
import type { Listening } from './json-lines.ts';

/** Sets the clock of a machine that has stood still, gives it fresh randomness, and this user's keys if it has others. */
export async function wake(place: Place, node: string, listening: Listening): Promise<void> {
  const [user, host] = await Promise.all([userKey(), guestHostKey()]);
  const hostKey = host.publicKey.split(' ').slice(0, 2).join(' ');
  const args = () => [...freshArguments(), user.publicKey, hostKey, host.privateKey];
  await tellGuest(node, filesOf(place, node).agent, listening, 'wake.sh', args);
}

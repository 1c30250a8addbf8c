import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

/** The number of the user whose command this is. */
export function userId(): number {
  return process.getuid?.() ?? userInfo().uid;
}

export function isRoot(): boolean {
  return userId() === 0;
}

/** Whom root's machines run as: the kernel's default overflowuid and overflowgid, who own nothing. */
export const nobody = 65_534;

/**
 * Whether this root can make its machines nobody: in a container it may lack the capabilities (CAP_SETGID and CAP_SETUID, the
 * sixth and seventh bit of capability.h), or the user (user_namespaces(7)).
 */
export function mayBecomeNobody(): boolean {
  if (!isRoot()) return false;
  const file = (name: string) => readFileSync(`/proc/self/${name}`, 'utf8');
  const capabilities = BigInt(`0x${/^CapEff:\s+(\w+)$/m.exec(file('status'))?.[1] ?? '0'}`);
  return ((capabilities >> 6n) & 3n) === 3n && mapsNobody(file('uid_map')) && mapsNobody(file('gid_map'));
}

/** Lines of the first number inside, the first outside, and how many. */
export function mapsNobody(map: string): boolean {
  return map
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .some(([first = 0, , count = 0]) => first <= nobody && nobody < first + count);
}

/** Users whose processes may be a lab's of this user. */
export function machineOwners(): number[] {
  return isRoot() ? [0, nobody] : [userId()];
}

import { existsSync, readFileSync } from 'node:fs';

/** The number of the user whose command this is. */
export function userId(): number {
  return process.getuid?.() ?? 0; // Linux has it
}

export function isRoot(): boolean {
  return userId() === 0;
}

/** Whom root's machines run as: the kernel's default overflowuid and overflowgid, who own nothing. */
export const nobody = 65_534;

/**
 * Whether this root can make its machines nobody, and end them then: in a container it may lack the capabilities (CAP_KILL,
 * CAP_SETGID and CAP_SETUID, bits 5 to 7 of capability.h), or the user (user_namespaces(7)).
 */
export function mayBecomeNobody(): boolean {
  if (!isRoot()) return false;
  // A kernel without user namespaces has no maps.
  const file = (name: string) =>
    existsSync(`/proc/self/${name}`) ? readFileSync(`/proc/self/${name}`, 'utf8') : '0 0 4294967295';
  const capabilities = BigInt(`0x${/^CapEff:\s+(\w+)$/m.exec(file('status'))?.[1] ?? '0'}`);
  return ((capabilities >> 5n) & 7n) === 7n && ['uid_map', 'gid_map'].every((map) => mapsNobody(file(map)));
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
  return mayBecomeNobody() ? [0, nobody] : [userId()];
}

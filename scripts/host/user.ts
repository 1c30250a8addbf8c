import { existsSync, readFileSync } from 'node:fs';

/** The ID of the user who runs the command. */
export function userId(): number {
  return process.getuid?.() ?? 0; // always there on Linux
}

export function isRoot(): boolean {
  return userId() === 0;
}

/** User and group of the machines that root starts: the kernel's default overflowuid and overflowgid, which own no files. */
export const nobody = 65_534;

/**
 * Whether this user is root and can start machines as the user nobody, and end them. In a container root may lack the capabilities
 * for that (CAP_KILL, CAP_SETGID and CAP_SETUID, bits 5 to 7 of capability.h), or the user nobody (user_namespaces(7)).
 */
export function mayBecomeNobody(): boolean {
  if (!isRoot()) return false;
  // A kernel without user namespaces has no such files.
  const file = (name: string) =>
    existsSync(`/proc/self/${name}`) ? readFileSync(`/proc/self/${name}`, 'utf8') : '0 0 4294967295';
  const capabilities = BigInt(`0x${/^CapEff:\s+(\w+)$/m.exec(file('status'))?.[1] ?? '0'}`);
  return ((capabilities >> 5n) & 7n) === 7n && ['uid_map', 'gid_map'].every((map) => mapsNobody(file(map)));
}

/** @param map of /proc/PID/uid_map: each line has the first ID inside, the first ID outside, and how many */
export function mapsNobody(map: string): boolean {
  return map
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .some(([first = 0, , count = 0]) => first <= nobody && nobody < first + count);
}

/** Users whose processes may belong to a lab of this user. */
export function machineOwners(): number[] {
  return mayBecomeNobody() ? [0, nobody] : [userId()];
}

import type { Backend } from '../backends/backend.ts';
import type { Protocol } from './lab.ts';

/**
 * What is there on a real server: `tcp 80 of rs1` is Apache; and of a program that has one port only, which: `dnsmasq of
 * rs1` is 53. Two that differ cannot be had together.
 */
export type Claim = readonly [what: string, is: string];

/** Where a real server tells how busy its CPU is, when health checks ask for it. */
export const cpuTimesPort = 9101;

/** What a machine has before any service: sshd, where tunnels in UDP end, and what tells how busy it is. */
export function claimsOfMachine(name: string, guePort?: number, tellsLoad = false): Claim[] {
  return [
    [`tcp 22 of ${name}`, 'sshd'],
    ...(guePort ? [[`udp ${guePort} of ${name}`, 'GUE'] as const] : []),
    ...(tellsLoad ? [[`tcp ${cpuTimesPort} of ${name}`, 'the load check'] as const] : []),
  ];
}

/** What a backend takes at a port of a real server. */
export function claimsOfBackend(name: string, backend: Backend, protocol: Protocol, port: number): Claim[] {
  const { daemon } = backend;
  const only: Claim[] = daemon.onePort ? [[`${daemon.name} of ${name}`, String(port)]] : [];
  return [...backend.portsTaken(protocol, port).map(([one, by]): Claim => [`${one} of ${name}`, by]), ...only];
}

/** The first claim that is something else already. */
export function clashOf(taken: ReadonlyMap<string, string>, claims: readonly Claim[]): Claim | undefined {
  return claims.find(([what, is]) => (taken.get(what) ?? is) !== is);
}

import type { Backend } from '../backends/backend.ts';
import type { Protocol } from './words.ts';

/**
 * A claim to a port of a machine: `tcp 80 of rs1`, for Apache. A program that serves one port also claims itself:
 * `dnsmasq of rs1`, for 53. Claims to the same thing for different ends exclude each other.
 */
type Claim = readonly [what: string, is: string];

/** Where a real server tells how busy its CPU is, when health checks ask for it. */
export const cpuTimesPort = 9101;

/** Where the director serves the time to the real servers, with `clock: true`. */
const clockPort = 123;

/** What a machine does beside its services. */
interface Duties {
  /** Where tunnels in UDP end. */
  guePort?: number | undefined;
  /** It tells health checks how busy its CPU is. */
  tellsLoad?: boolean | undefined;
  /** It serves the time to other machines. */
  servesTime?: boolean | undefined;
}

/** The ports that a machine takes before any service. */
export function claimsOfMachine(name: string, { guePort, tellsLoad, servesTime }: Duties): Claim[] {
  return [
    [`tcp 22 of ${name}`, 'sshd'],
    ...(guePort ? [[`udp ${guePort} of ${name}`, 'GUE'] as const] : []),
    ...(tellsLoad ? [[`tcp ${cpuTimesPort} of ${name}`, 'the load check'] as const] : []),
    ...(servesTime ? [[`udp ${clockPort} of ${name}`, 'chrony for clock: true'] as const] : []),
  ];
}

/** The claims of a backend to one port of a real server. */
export function claimsOfBackend(name: string, backend: Backend, protocol: Protocol, port: number): Claim[] {
  const { daemon } = backend;
  const only: Claim[] = daemon.onePort ? [[`${daemon.name} of ${name}`, String(port)]] : [];
  return [...backend.portsTaken(protocol, port).map(([one, by]): Claim => [`${one} of ${name}`, by]), ...only];
}

/** The first claim to something that is taken for another end. */
export function clashOf(taken: ReadonlyMap<string, string>, claims: readonly Claim[]): Claim | undefined {
  return claims.find(([what, is]) => (taken.get(what) ?? is) !== is);
}

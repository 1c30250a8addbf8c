import type { Backend } from '../backends/backend.ts';
import type { Protocol } from './words.ts';

/**
 * A claim to a port of a machine: `tcp 80 of rs1`, for Apache. A program that serves one port also claims itself:
 * `dnsmasq of rs1`, for 53. Claims to the same thing for different purposes exclude each other.
 */
type Claim = readonly [what: string, is: string];

/** The port at which a real server reports the load of its CPU, if health checks read it. */
export const cpuTimesPort = 9101;

/** The port at which the director serves the time to the real servers, with `clock: true`. */
const clockPort = 123;

/** What a machine does in addition to its services. */
interface Duties {
  /** The UDP port of its tunnels. */
  guePort?: number | undefined;
  /** Whether it reports the load of its CPU to health checks. */
  tellsLoad?: boolean | undefined;
  /** Whether it serves the time to other machines. */
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

/** The first claim to something that is taken for another purpose. */
export function clashOf(taken: ReadonlyMap<string, string>, claims: readonly Claim[]): Claim | undefined {
  return claims.find(([what, is]) => (taken.get(what) ?? is) !== is);
}

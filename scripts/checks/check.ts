import type { Hint } from './hint.ts';

/** The outcome of one check. */
export interface Check {
  /** Stable, for programs: `arp-quiet`. */
  id: string;
  /** The service that was checked, in a lab of several services: `UDP 192.168.1.3:53`. */
  service?: string;
  /** What ought to be true. */
  title: string;
  ok: boolean;
  expected: string;
  observed: string;
  /** What to do about a failure. A check that passed has none. */
  hint?: Hint;
}

/** A check without its id, as a judge returns it. */
export type Outcome = Omit<Check, 'id'>;

/**
 * One outcome about several real servers: it fails if any of them is wrong, and names those. Empty without real servers.
 * @param hint gets the wrong ones
 */
export function eachRealServer<Server extends { node: string }>(
  servers: readonly Server[],
  { title, expected, hint }: { title: string; expected: string; hint: (wrong: [Server, ...Server[]]) => Hint },
  observe: (server: Server) => { ok: boolean; observed: string },
): Outcome[] {
  if (servers.length === 0) return [];
  const seen = servers.map((server) => ({ server, ...observe(server) }));
  const [first, ...others] = seen.filter(({ ok }) => !ok);
  if (!first) return [{ title, ok: true, expected, observed: listed(namesOf(servers)) }];
  return [
    {
      title,
      ok: false,
      expected,
      observed: [first, ...others].map(({ server, observed }) => `${server.node}: ${observed}`).join('; '),
      hint: hint([first.server, ...others.map(({ server }) => server)]),
    },
  ];
}

export function namesOf(servers: readonly { node: string }[]): string[] {
  return servers.map(({ node }) => node);
}

/** "rs1, rs2, rs3"; of more than three names the first two: "rs1, rs2 and 6 more". */
export function named(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ');
}

/** "rs1, rs2"; for more than four names "all 16". */
export function listed(names: readonly string[]): string {
  return names.length > 4 ? `all ${names.length}` : names.join(', ');
}

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
  /** What a person should know although it fails no lab: what works in another way than planned, or works badly. */
  warning?: string;
  /** What to do about a failure; with a warning, what changes it. */
  hint?: Hint;
}

/** A check without its id, as a judge returns it. */
export type Outcome = Omit<Check, 'id'>;

interface EachRealServer<Server> {
  title: string;
  expected: string;
  /** Gets the real servers that fail the check. */
  hint: (wrong: [Server, ...Server[]]) => Hint;
  /** Whether the effect of what is checked was seen of a real server. Then it cannot fail: it is done in another way. */
  works?: (server: Server) => boolean;
}

/** One outcome about several real servers: it fails if any of them is wrong, and names those. Empty without real servers. */
export function eachRealServer<Server extends { node: string }>(
  servers: readonly Server[],
  { title, expected, hint, works = () => false }: EachRealServer<Server>,
  observe: (server: Server) => { ok: boolean; observed: string },
): Outcome[] {
  if (servers.length === 0) return [];
  const different = servers.map((server) => ({ server, ...observe(server) })).filter(({ ok }) => !ok);
  const textOf = (some: typeof different) =>
    some.map(({ server, observed }) => `${server.node}: ${observed}`).join('; ');
  const otherwise = different.filter(({ server }) => works(server));
  const warning = otherwise.length > 0 ? { warning: `${textOf(otherwise)}; it works in this way` } : {};
  const wrong = different.filter((one) => !otherwise.includes(one));
  const [first, ...others] = wrong.map(({ server }) => server);
  if (!first) return [{ title, ok: true, expected, observed: listed(namesOf(servers)), ...warning }];
  return [{ title, ok: false, expected, observed: textOf(wrong), ...warning, hint: hint([first, ...others]) }];
}

/** What is as planned passes. What is not, and works in another way, passes with a warning. */
export function byEffect(asPlanned: boolean, works: () => boolean, otherwise: string): Pick<Check, 'ok' | 'warning'> {
  if (asPlanned) return { ok: true };
  return works() ? { ok: true, warning: otherwise } : { ok: false };
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

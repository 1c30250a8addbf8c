import type { Hint } from '../checks/hint.ts';
import type { Plan, PlannedRealServer, PlannedService } from '../plan/plan.ts';
import type { Observations, ServiceSeen } from './observations.ts';

/** The outcome of one check. */
export interface Check {
  /** Stable, for programs: `arp-quiet`. */
  id: string;
  /** The service that it is about, in a lab of several: `UDP 192.168.1.3:53`. */
  service?: string;
  /** What ought to be true. */
  title: string;
  ok: boolean;
  expected: string;
  observed: string;
  /** When it failed: what most likely is wrong, and the command that shows or mends it. */
  hint?: Hint | string;
}

/** Judges what was seen: no I/O. Returns nothing where the lab has no such thing to check. */
export type Judge = (plan: Plan, seen: Observations) => Check[];

/** The same of one service. */
export type ServiceJudge = (
  plan: Plan,
  service: PlannedService,
  asked: ServiceSeen,
  seen: Observations,
) => Check | undefined;

/** A check of each of these real servers: fails when any of them does, naming those; there is none without servers. */
export function eachRealServer(
  servers: readonly PlannedRealServer[],
  check: { id: string; title: string; expected: string; hint: (nodes: string[]) => string },
  observe: (node: string) => { ok: boolean; observed: string },
): Check[] {
  if (servers.length === 0) return [];
  const { hint, ...rest } = check;
  const outcomes = servers.map(({ node }) => ({ node, ...observe(node) }));
  const bad = outcomes.filter(({ ok }) => !ok);
  if (bad.length === 0) return [{ ...rest, ok: true, observed: `so on ${listed(outcomes.map(({ node }) => node))}` }];
  return [
    {
      ...rest,
      ok: false,
      observed: bad.map(({ node, observed }) => `${node}: ${observed}`).join('; '),
      hint: hint(bad.map(({ node }) => node)),
    },
  ];
}

/** "rs1, rs2", or for a crowd "all 16". */
export function listed(names: readonly string[]): string {
  return names.length > 4 ? `all ${names.length}` : names.join(', ');
}

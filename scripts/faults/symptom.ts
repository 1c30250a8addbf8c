import { serviceName } from '../ipvs/rules.ts';
import { inUse, type Plan, type PlannedService } from '../plan/plan.ts';

/** What clients see of a fault, in a row of requests. */
export type Symptom =
  /** Every request is answered. */
  | { kind: 'none' }
  /** The same, since real servers answer verify’s requests without the web site; its pages are wrong, late or missing. */
  | { kind: 'site fails' }
  /** Every request is answered, by whichever real server was quickest to answer ARP: IPVS sees none. */
  | { kind: 'past IPVS' }
  /** It depends on which machine is quicker, or on whom the client met before. */
  | { kind: 'varies' }
  /** Requests that are given to these real servers fail; all others are answered. */
  | { kind: 'fails'; of: Share[] }
  /** The same, until health checks take the real servers out. */
  | { kind: 'fails at first'; of: Share[] }
  /** Every request is answered, but never by these real servers. */
  | { kind: 'unused'; of: Share[] }
  /** Every request is answered; of these services all by one real server. */
  | { kind: 'one server'; of: Share[] };

/** Some of a service's real servers. */
export interface Share {
  /** As ipvsadm heads it: `TCP 192.168.1.3:80`. */
  service: string;
  servers: string[];
}

/** Of these services (all, unless told), those that give requests to the real servers. */
export function sharesOf(
  plan: Plan,
  servers: readonly string[],
  services: readonly PlannedService[] = plan.services,
): Share[] {
  return services.flatMap((service) => {
    const given = inUse(service)
      .map(({ server }) => server)
      .filter((name) => servers.includes(name));
    return given.length > 0 ? [{ service: serviceName(service), servers: given }] : [];
  });
}

/** What health checks cannot see: they ask real servers by their own addresses. */
export function fails(plan: Plan, servers: readonly string[], services?: readonly PlannedService[]): Symptom {
  return { kind: 'fails', of: sharesOf(plan, servers, services) };
}

/** What health checks see, where there are any. */
export function failsUntilNoticed(
  plan: Plan,
  servers: readonly string[],
  services?: readonly PlannedService[],
): Symptom {
  return { kind: plan.health ? 'fails at first' : 'fails', of: sharesOf(plan, servers, services) };
}

/** Of services that the director no longer balances: it answers itself where it is a real server of them, else refuses. */
export function unbalanced(plan: Plan, services: readonly PlannedService[]): Symptom {
  const own = services.some(({ destinations }) => destinations.some(({ local }) => local));
  if (own) return services.length === plan.services.length ? { kind: 'past IPVS' } : { kind: 'varies' };
  const servers = plan.realServers.map(({ node }) => node);
  return fails(plan, servers, services);
}

/** `answers`, where some request surely fails; nothing where that is luck. */
export function unanswered({ services }: Plan, symptom: Symptom): string[] {
  if (symptom.kind !== 'fails') return [];
  const sure = services.some((service) => {
    const hurt = symptom.of.find((share) => share.service === serviceName(service))?.servers.length ?? 0;
    const inTurn = service.scheduler === 'rr' && service.persistence === 0;
    return hurt > 0 && (inTurn || hurt === inUse(service).length);
  });
  return sure ? ['answers'] : [];
}

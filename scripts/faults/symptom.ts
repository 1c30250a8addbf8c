import { serviceName } from '../ipvs/rules.ts';
import { inUse, type Plan, type PlannedService } from '../plan/plan.ts';

/** What clients see of a fault when they send several requests. */
export type Symptom =
  /** Every request is answered. */
  | { kind: 'none' }
  /** Every request of verify is answered, because it needs no web site. Pages of the site are wrong, late or missing. */
  | { kind: 'site fails' }
  /** Every request is answered by the real server that answered ARP first. IPVS sees no request. */
  | { kind: 'without IPVS' }
  /** It depends on which machine is quicker, or on which one the client used before. */
  | { kind: 'varies' }
  /** Requests that go to these real servers fail; all others are answered. */
  | { kind: 'fails'; of: Share[]; by?: Failure }
  /** Requests that go to these real servers fail until health checks take them out; all others are answered. */
  | { kind: 'fails at first'; of: Share[]; by?: Failure }
  /** Every request is answered, but by these real servers seconds later than it should. */
  | { kind: 'slow'; of: Share[] }
  /** Most requests are answered, some of them late. Of those that go to these real servers some may fail. */
  | { kind: 'lossy'; of: Share[] }
  /** Requests of verify are answered, because they are short. Long requests to these real servers, or long answers, hang. */
  | { kind: 'long fails'; of: Share[]; long: 'requests' | 'answers' }
  /** Every request is answered, but never by these real servers. */
  | { kind: 'unused'; of: Share[] }
  /** Every request is answered. All requests to these services are answered by one real server. */
  | { kind: 'one server'; of: Share[] };

/** How a request fails: it gets no answer, is refused at once, or gets a useless answer. */
export type Failure = 'hangs' | 'refused' | 'error' | 'empty';

/** Some of a service's real servers. */
export interface Share {
  /** In the form of ipvsadm: `TCP 192.168.1.3:80`. */
  service: string;
  servers: string[];
}

/** The services that use these real servers, each with those of them that it uses. @param services all by default */
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

/**
 * The symptom where health checks cannot see the fault, because they ask real servers at their own addresses.
 * @param by by default requests hang
 */
export function fails(
  plan: Plan,
  servers: readonly string[],
  services?: readonly PlannedService[],
  by?: Failure,
): Symptom {
  return { kind: 'fails', of: sharesOf(plan, servers, services), ...(by && { by }) };
}

/** The symptom where health checks, if the lab has any, see the fault. */
export function failsUntilNoticed(
  plan: Plan,
  servers: readonly string[],
  services?: readonly PlannedService[],
  by?: Failure,
): Symptom {
  return { kind: plan.health ? 'fails at first' : 'fails', of: sharesOf(plan, servers, services), ...(by && { by }) };
}

/** The symptom of services that the director no longer balances. If it is a real server of them it answers itself, else it refuses. */
export function unbalanced(plan: Plan, services: readonly PlannedService[]): Symptom {
  const own = services.some(({ destinations }) => destinations.some(({ local }) => local));
  if (own) return services.length === plan.services.length ? { kind: 'without IPVS' } : { kind: 'varies' };
  const servers = plan.realServers.map(({ node }) => node);
  return fails(plan, servers, services, 'refused');
}

/** The check `answers` if some request is sure to fail; empty if that depends on chance. */
export function unanswered({ services }: Plan, symptom: Symptom): string[] {
  if (symptom.kind !== 'fails') return [];
  const sure = services.some((service) => {
    const hurt = symptom.of.find((share) => share.service === serviceName(service))?.servers.length ?? 0;
    const inTurn = service.scheduler === 'rr' && service.persistence === 0;
    return hurt > 0 && (inTurn || hurt === inUse(service).length);
  });
  return sure ? ['answers'] : [];
}

import { joinAddress } from '../../model/addresses.ts';
import type { Destination } from '../../model/lab.ts';
import type { Plan, PlannedService } from '../../plan/plan.ts';
import { eachRealServer, listed } from '../check.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { effectLooks } from '../effect.ts';
import { failedOf } from '../fate.ts';
import type { Hint } from '../hint.ts';
import { askedOf } from '../looks/answers.ts';
import type { Observations } from '../observations.ts';
import { listeners, takes } from './look.ts';

/** A port of a real server at which requests arrive and no socket listens. */
interface MissingSocket {
  node: string;
  /** Destination address and port of the requests. */
  place: string;
  port: number;
  /** Addresses at which a socket listens on that port. */
  elsewhere: string[];
}

const judge: Judge = (plan, seen) => {
  const missing = plan.services.flatMap((service) => missingIn(plan, service, seen));
  return eachRealServer(
    plan.realServers,
    {
      title: 'real servers listen where requests arrive',
      expected: 'a socket for the address and the port of each request',
      hint: () => hintOf(plan, seen, missing),
    },
    ({ node }) => {
      const own = missing.filter((one) => one.node === node);
      return { ok: own.length === 0, observed: own.map(observedOf).join(', ') };
    },
  );
};

/** Ports of a service without a socket. A real server that answered a request passes: it may serve in another way. */
function missingIn(plan: Plan, service: PlannedService, seen: Observations): MissingSocket[] {
  // The kit does not look at SCTP sockets.
  if (service.protocol === 'sctp') return [];
  const answered = askedOf(plan, service, seen).answers.map(({ server }) => server);
  return service.destinations
    .filter(({ server }) => !answered.includes(server))
    .flatMap((destination) =>
      service.endpoints.flatMap((endpoint) => {
        const port = destination.port || endpoint.port;
        const { protocol } = service;
        const there = seen
          .of(listeners, destination.server)
          .filter((one) => one.protocol === protocol && one.port === port);
        const [address = '', ...others] = addressesAt(destination, service);
        if ([address, ...others].some((one) => there.some((listener) => takes(listener, one)))) return [];
        return [
          {
            node: destination.server,
            place: joinAddress(address, port),
            port,
            elsewhere: there.map((one) => joinAddress(one.address, one.port)),
          },
        ];
      }),
    );
}

/** Where requests arrive: by NAT at the RIP, else at the VIP. On the director itself both are right. */
function addressesAt({ mode, local, address }: Destination, { vip }: PlannedService): string[] {
  const own = mode === 'nat' ? address : vip;
  return local ? [own, address, vip] : [own];
}

function observedOf({ place, elsewhere }: MissingSocket): string {
  return `no socket at ${place}${elsewhere.length > 0 ? `, only at ${elsewhere.join(' and ')}` : ''}`;
}

/** The hint names the first such port, and all real servers on which it has no socket. */
function hintOf(plan: Plan, seen: Observations, missing: readonly MissingSocket[]): Hint {
  const [first] = missing;
  if (!first) throw new Error('every port has its socket');
  const nodes = [...new Set(missing.filter(({ port }) => port === first.port).map(({ node }) => node))];
  const refusing = nodes.filter((node) => plan.services.some((service) => refuses(plan, service, seen, node)));
  const heard = refusing.length > 0 ? `${listed(refusing)} ${refusing.length === 1 ? 'sends' : 'send'} RST: ` : '';
  const elsewhere = first.elsewhere.length > 0 ? `, only on ${first.elsewhere.join(' and ')}` : '';
  return {
    cause: `${heard}nobody ${heard ? 'there ' : `on ${listed(nodes)} `}listens on ${first.place}${elsewhere}`,
    commands: [{ on: first.node, run: `ss -lntup 'sport = :${first.port}'` }],
    see: ['reachable'],
  };
}

function refuses(plan: Plan, service: PlannedService, seen: Observations, node: string): boolean {
  return failedOf(plan, service, seen).some(({ sender, server }) => server === node && sender === node);
}

export const listening: CheckKind = {
  id: 'listening',
  about: 'TCP and UDP: each real server listens where its requests arrive, at the VIP, or by NAT at its own address',
  faults: ['wrong-listen'],
  looks: [listeners, ...effectLooks],
  judge,
};

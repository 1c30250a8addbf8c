import type { Predictable } from '../../model/schedulers.ts';
import type { Scheduler, SchedulerFlag } from '../../model/words.ts';
import { traitsOf } from '../kernel.ts';
import { dh, sh } from './hashing.ts';
import { lc, nq, sed, wlc } from './least-connection.ts';
import { lblc, lblcr } from './locality.ts';
import { mh } from './maglev.ts';
import type { Destination, SchedulerModel } from './model.ts';
import { fo, ovf } from './overflow.ts';
import { rr, wrr } from './round-robin.ts';

/** Every scheduler of the kernel whose choice can be computed; twos chooses at random. */
export const models: Record<Predictable, SchedulerModel> = {
  rr,
  wrr,
  lc,
  wlc,
  lblc,
  lblcr,
  dh,
  sh,
  sed,
  nq,
  fo,
  ovf,
  mh,
};

/** A real server, and the connections that IPVS remembers of it when the simulation starts; none by default. */
export type SimulatedServer = Pick<Destination, 'name' | 'address' | 'port' | 'weight'> &
  Partial<Pick<Destination, 'upper' | 'lower' | 'active' | 'inactive' | 'lastWeight'>>;

export interface SimulatedService {
  vip: string;
  scheduler: Scheduler;
  flags: readonly SchedulerFlag[];
  /** In the order in which they are added; the kernel's is the reverse. */
  servers: readonly SimulatedServer[];
  /** The version of the director's kernel; a new one if nothing is known of it. */
  kernel?: string | undefined;
}

export interface SimulatedConnection {
  client: string;
  clientPort: number;
  /** Another VIP than the service's: a service by mark may have many. */
  vip?: string;
  /** Whether it stays open. Otherwise the client closes it before the next one, and the kernel counts it as inactive. */
  held: boolean;
  /** Whether it is a datagram of one-packet scheduling, of which the kernel remembers nothing. */
  onePacket?: boolean;
}

/** The name of the real server that gets each connection; undefined for a connection that IPVS refuses. */
export type Picks = (string | undefined)[];

/**
 * Computes the real server of each connection. The time from first to last is shorter than any time-out of IPVS, so that it
 * forgets no connection meanwhile.
 * @param skip picks that rr and wrr have made before
 * @throws RangeError for twos, which chooses at random
 */
export function simulate(service: SimulatedService, connections: readonly SimulatedConnection[], skip = 0): Picks {
  if (service.scheduler === 'twos') throw new RangeError('twos chooses at random and cannot be predicted');
  return simulateBy(models[service.scheduler], service, connections, skip);
}

/** The same for a model of a scheduler. */
export function simulateBy(
  model: SchedulerModel,
  { vip, flags, servers, kernel }: Omit<SimulatedService, 'scheduler'>,
  connections: readonly SimulatedConnection[],
  skip = 0,
): Picks {
  // Each new destination goes to the head of the list (ip_vs_add_dest in ip_vs_ctl.c: list_add_rcu).
  const destinations = servers
    .map(({ upper = 0, lower = 0, active = 0, inactive = 0, ...server }): Destination => {
      return { ...server, upper, lower, active, inactive, overloaded: upper > 0 && active + inactive >= upper };
    })
    .reverse();
  const pick = model(destinations, flags, traitsOf(kernel));
  for (let made = 0; made < skip; made++) pick({ client: vip, clientPort: 0, vip });
  return connections.map(({ client, clientPort, vip: own = vip, held, onePacket = false }) => {
    const destination = pick({ client, clientPort, vip: own });
    if (!destination) return undefined;
    if (!onePacket) bind(destination);
    if (!onePacket && !held) close(destination);
    return destination.name;
  });
}

/** ip_vs_bind_dest in ip_vs_conn.c. */
function bind(destination: Destination): void {
  destination.active++;
  const total = destination.active + destination.inactive;
  if (destination.upper > 0 && total >= destination.upper) destination.overloaded = true;
}

/** set_tcp_state in ip_vs_proto_tcp.c: after a FIN it counts as inactive, for two minutes. */
function close(destination: Destination): void {
  destination.active--;
  destination.inactive++;
}

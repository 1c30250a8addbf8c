import type { Scheduler, SchedulerFlag } from '../../model/lab.ts';
import { dh, sh } from './hashing.ts';
import { lc, nq, sed, wlc } from './least-connection.ts';
import { lblc, lblcr } from './locality.ts';
import { mh } from './maglev.ts';
import type { Destination, Request, SchedulerModel } from './model.ts';
import { fo, ovf } from './overflow.ts';
import { rr, wrr } from './round-robin.ts';

/** Every scheduler of the kernel whose picks can be known; twos draws lots. */
export const models: Record<Exclude<Scheduler, 'twos'>, SchedulerModel> = {
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

export interface SimulatedServer {
  name: string;
  address: string;
  port: number;
  weight: number;
  upper?: number;
  lower?: number;
}

export interface SimulatedService {
  vip: string;
  scheduler: Exclude<Scheduler, 'twos'>;
  flags: readonly SchedulerFlag[];
  /** In the order in which they are added. */
  servers: readonly SimulatedServer[];
}

export interface SimulatedConnection {
  client: string;
  clientPort: number;
  /** Stays open; else the client closes it before the next one, and the kernel remembers it as inactive. */
  held: boolean;
}

/**
 * Who gets each of these connections, of a service that nobody has used yet: the name of the real server, or undefined
 * where IPVS refuses. The time from first to last is shorter than any of IPVS' time-outs, so that none is forgotten.
 */
export function simulate(
  { vip, scheduler, flags, servers }: SimulatedService,
  connections: readonly SimulatedConnection[],
): (string | undefined)[] {
  // Each new destination goes to the head of the list (ip_vs_add_dest in ip_vs_ctl.c: list_add_rcu).
  const destinations = servers
    .map(({ upper = 0, lower = 0, ...server }): Destination => {
      return { ...server, upper, lower, active: 0, inactive: 0, overloaded: false };
    })
    .reverse();
  const pick = models[scheduler](destinations, flags);
  return connections.map(({ client, clientPort, held }) => {
    const request: Request = { client, clientPort, vip };
    const destination = pick(request);
    if (!destination) return undefined;
    bind(destination);
    if (!held) close(destination);
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

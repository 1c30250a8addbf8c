import { isAnswered } from '../checks/looks/answered.ts';
import type { Answer } from '../checks/looks/answers.ts';
import type { IpvsConnection, IpvsService } from '../ipvs/parse.ts';
import type { ServerStats, ServiceStats } from '../ipvs/stats.ts';
import { joinAddress } from '../model/addresses.ts';
import type { Plan, PlannedService } from '../plan/plan.ts';
import type { Row } from './kinds.ts';
import { addressNames } from './packets.ts';

/** Rows of what was parsed. `on` is the director that was asked. */

export function answerRows(service: PlannedService, answers: readonly Answer[]): Row[] {
  return answers.map((answer) => ({
    server: answer.server,
    answered: answer.server === undefined ? answer.error === undefined : isAnswered(service, answer),
    status: answer.status,
    error: answer.error,
    port: answer.localPort,
    seconds: answer.seconds,
  }));
}

export function serverRows(plan: Plan, on: string, table: readonly IpvsService[]): Row[] {
  return table.flatMap((service) =>
    service.destinations.map(({ address, weight, active, inactive }) => ({
      on,
      service: nameInStats(service),
      server: serverAt(plan, address),
      scheduler: service.scheduler,
      weight,
      active,
      inactive,
    })),
  );
}

function nameInStats({ protocol, vip, port, mark, ipv6 }: IpvsService): string {
  return mark === undefined ? `${protocol} ${joinAddress(vip, port)}` : `FWM ${mark}${ipv6 ? ' IPv6' : ''}`;
}

/** The name of a real server; its address if no real server has it. */
export function serverAt({ realServers }: Plan, address: string): string {
  return realServers.find((one) => one.address === address)?.node ?? address;
}

export function connectionRows(plan: Plan, on: string, all: readonly IpvsConnection[]): Row[] {
  return all.map((one) => ({
    on,
    protocol: one.protocol,
    client: addressNames(plan, one.client),
    client_port: one.clientPort,
    vip: one.vip,
    port: one.port,
    server: serverAt(plan, one.realServer),
    state: one.state,
    expires: one.expires,
  }));
}

const counterFields = {
  connections: 'connections',
  in_packets: 'inPackets',
  out_packets: 'outPackets',
  in_bytes: 'inBytes',
  out_bytes: 'outBytes',
} as const satisfies Record<string, keyof ServerStats>;

/** What was counted between two looks. What was not there before has counted from 0 on. */
export function counterRows(
  plan: Plan,
  on: string,
  before: readonly ServiceStats[],
  after: readonly ServiceStats[],
): Row[] {
  return after.flatMap((service) => {
    const old = before.find((one) => one.service === service.service);
    const row = (server: string, now: Counters, then?: Counters): Row => ({
      on,
      service: service.service,
      server,
      ...Object.fromEntries(Object.entries(counterFields).map(([name, key]) => [name, counted(now[key], then?.[key])])),
    });
    const servers = service.servers.map((one) =>
      row(
        serverAt(plan, withoutPort(one.server)),
        one,
        old?.servers.find(({ server }) => server === one.server),
      ),
    );
    return [row('all', service, old), ...servers];
  });
}

type Counters = Omit<ServerStats, 'server'>;

/** A real server that was added anew counts from 0 on. */
function counted(now: number, then = 0): number {
  return now >= then ? now - then : now;
}

/** 192.168.1.4 of 192.168.1.4:80, fd00::4 of [fd00::4]:80 */
function withoutPort(text: string): string {
  return text.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}

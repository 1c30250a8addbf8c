import { checksOver, type HealthCheck, healthChecks } from '../backends/health-checks.ts';
import { backendOf } from '../backends/index.ts';
import { portOf } from '../ipvs/rules.ts';
import { familyOf, joinAddress } from '../model/addresses.ts';
import type { Destination, Endpoint, Health, Lab, Service } from '../model/lab.ts';
import { cpuTimesPort } from '../model/taken-ports.ts';
import type { Mode } from '../model/words.ts';
import { helpersOf } from './backends.ts';
import type { Step } from './scripts.ts';
import { isSorry, sorryServerOf } from './sorry-server.ts';

/** The weight of a real server with an idle CPU is this many times the planned one. With a busy CPU it falls to 1. */
const loadSteps = 10;

/** Health checks of a service at one of its ports. */
export function checksAt(
  { checks }: Pick<Health, 'checks'>,
  { protocol }: Service,
  { backend }: Endpoint,
): HealthCheck[] {
  const fitting = checksOver(protocol, backendOf(backend).healthChecks);
  return checks ? healthChecks.filter((one) => checks.includes(one) && fitting.includes(one)) : fitting.slice(0, 1);
}

/** keepalived with its health checks, which then maintain the table. With two directors it begins with VRRP, and is awaited here. */
export function keepalivedScripts(lab: Lab, health: Health, front: string): Step[] {
  const context = keepalivedWords(lab, health, front);
  const { awaited, sorry } = context;
  return [
    ...(context.load ? [{ template: 'director/weigh', context: { port: cpuTimesPort, timeout: health.timeout } }] : []),
    lab.backup
      ? { template: 'director/ready', phase: 'on top', context: { awaited, sorry } }
      : { template: 'director/keepalived', phase: 'on top', context },
  ];
}

/**
 * The health checks in terms of keepalived.conf(5).
 * @param front address of the director
 */
export function keepalivedWords(lab: Lab, health: Health, front: string) {
  const services = lab.services.map((service) => serviceWords(health, service, front));
  return {
    ...health,
    ownQuorum: health.quorum > 1 || health.hysteresis > 0,
    helpers: helpersOf(lab),
    load: health.checks?.includes('load') ?? false,
    services,
    sorry: services.flatMap((one) => (one.sorry ? `-> ${one.sorry.at} ` : [])),
    // Health checks leave out a real server with weight 0: it is in the table only for its connections.
    awaited: services.flatMap(({ servers }) => servers.flatMap(({ name, weight }) => (weight > 0 ? name : []))),
  };
}

/** A service in terms of keepalived.conf(5). */
function serviceWords(health: Health, service: Service, front: string) {
  const { vip, scheduler, flags, persistence, persistenceGranularity, ops, protocol, fwmark } = service;
  const checks = service.endpoints.flatMap((endpoint) => checkWords(health, service, endpoint));
  const load = checks.some((one) => one.load);
  const sorry = isSorry(health, service)
    ? {
        where: `${front}${fwmark > 0 ? '' : ` ${portOf(service)}`}`,
        at: sorryServerOf(front, service),
      }
    : null;
  return {
    name: fwmark > 0 ? `fwmark ${fwmark}` : `${vip} ${portOf(service)}`,
    // Whatever a mark is on, and keepalived refuses a protocol beside it.
    protocol: fwmark > 0 ? '' : protocol.toUpperCase(),
    // Otherwise a mark whose real servers are all behind tunnels is for IPv4.
    family: fwmark > 0 && familyOf(vip) === 6 ? 'inet6' : '',
    scheduler,
    flags,
    ops,
    persistence,
    persistenceGranularity,
    servers: service.destinations.map((one) => serverWords(health, service, one, load)),
    checks,
    sorry,
  };
}

/** The checks at a port; each template has the words of one kind. */
function checkWords(health: Health, service: Service, endpoint: Endpoint) {
  const { retry, retryDelay, timeout } = health;
  const shared = {
    // A real server of a service by mark has no port.
    port: service.fwmark > 0 ? endpoint.port : 0,
    retry,
    retryDelay: retry > 0 ? retryDelay : 0,
    page: service.page,
    question: backendOf(endpoint.backend).question ?? '',
    patience: timeout + 10,
  };
  return checksAt(health, service, endpoint).map((kind) => ({
    ...shared,
    ...(Object.fromEntries(healthChecks.map((one) => [one, one === kind])) as Record<HealthCheck, boolean>),
  }));
}

function serverWords({ quiescent }: Health, service: Service, one: Destination, load: boolean) {
  const { address, port, mode, tunnel, tunnelPort, weight, uthreshold, lthreshold } = one;
  const words: Record<Mode, string> = { nat: 'NAT', dr: 'DR', tun: 'TUN' };
  const kinds = { ipip: '', gue: ` type gue port ${tunnelPort} nocsum`, gre: ' type gre nocsum' };
  return {
    name: joinAddress(address, port),
    where: `${address}${port > 0 ? ` ${port}` : ''}`,
    address,
    method: `${words[mode]}${mode === 'tun' ? kinds[tunnel] : ''}`,
    weight: load ? weight * loadSteps : weight,
    uthreshold,
    lthreshold,
    inhibit: one.quiescent === undefined || one.quiescent === quiescent ? '' : String(one.quiescent),
    // The script that sets the weight remembers the last times of each service under this name.
    seen: `${address}-${service.vip}-${portOf(service)}`,
  };
}

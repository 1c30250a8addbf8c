import { healthChecks } from '../backends/health-checks.ts';
import { apachePackages, apachePort } from '../backends/shared/apache.ts';
import { portOf } from '../ipvs/rules.ts';
import { joinAddress } from '../model/addresses.ts';
import type { Destination, Health, Lab, RealServer, Service } from '../model/lab.ts';
import { cpuTimesPort } from '../model/taken-ports.ts';
import type { Mode } from '../model/words.ts';
import type { Step } from './scripts.ts';

/** Address and port of the sorry server, which is the director. It has the port of the service, since DR keeps the port. */
export function sorryServerOf(front: string, service: Pick<Service, 'endpoints'>): string {
  return joinAddress(front, portOf(service));
}

/** The weight of a real server with an idle CPU is this many times the planned one. With a busy CPU it falls to 1. */
const loadSteps = 10;

/** Programs of the director, each with the Debian package that has it. */
export function healthPrograms({ health }: Lab): Record<string, string> {
  if (!health) return {};
  return {
    [health.by]: health.by,
    ...(health.sorryServer && apachePackages),
    ...(health.checks.includes('load') && { nc: 'netcat-openbsd' }),
  };
}

/** Scripts that start the health checks on the director, which then maintain the table. */
export function healthScripts(lab: Lab, health: Health): Step[] {
  return [
    ...(health.sorryServer ? [{ template: 'director/sorry', context: { ports: sorryPorts(lab) } }] : []),
    ...(health.by === 'keepalived' ? keepalivedScripts(lab, health) : ldirectordScripts(lab, health)),
  ];
}

/** Ports on which the sorry server must listen, apart from Apache's default. */
function sorryPorts({ services }: Lab): number[] {
  return [...new Set(services.map(portOf))].filter((port) => port !== apachePort);
}

/** Scripts of a real server for the check load. */
export function watchedScripts({ health }: Lab, { address }: RealServer): Step[] {
  if (!health?.checks.includes('load')) return [];
  return [{ template: 'real-server/cpu-times', context: { listen: joinAddress(address, cpuTimesPort) } }];
}

/** ldirectord starts early, because it takes an emulated director some seconds, and is awaited when all real servers are set up. */
function ldirectordScripts(lab: Lab, { interval, timeout, quiescent, sorryServer }: Health): Step[] {
  const words: Record<Mode, string> = { nat: 'masq', dr: 'gate', tun: 'ipip' };
  const services = lab.services.map((service) => ({
    virtual: joinAddress(service.vip, portOf(service)),
    sorry: sorryServer ? sorryServerOf(lab.director.front, service) : '',
    request: service.page === '/' ? 'index.html' : service.page.slice(1),
    scheduler: service.scheduler,
    flags: service.flags.join(','),
    persistence: service.persistence,
    granularity: service.persistenceGranularity,
    servers: service.destinations.map(({ address, port, mode, weight, uthreshold, lthreshold }) => {
      return { address: joinAddress(address, port), method: words[mode], weight, uthreshold, lthreshold };
    }),
  }));
  // Health checks leave out a real server with weight 0: it is in the table only for its connections.
  const awaited = services.flatMap(({ servers }) => servers.flatMap((one) => (one.weight > 0 ? one.address : [])));
  const context = { interval, timeout, quiescent: quiescent ? 'yes' : 'no', services };
  const sorry = services.map((one) => one.sorry).join(' ');
  return [
    { template: 'director/ldirectord', context },
    { template: 'director/ldirectord-well', phase: 'on top', context: { awaited: awaited.join(' '), sorry } },
  ];
}

function keepalivedScripts(lab: Lab, { checks, interval, timeout, quiescent, sorryServer }: Health): Step[] {
  const load = checks.includes('load');
  const looks = Object.fromEntries(healthChecks.map((one) => [one, checks.includes(one)]));
  const services = lab.services.map((service) => {
    const { vip, scheduler, flags, persistence, persistenceGranularity, page } = service;
    const port = portOf(service);
    const servers = service.destinations.map((one) => keepalivedServer(service, one, load));
    const sorry = sorryServer ? { address: lab.director.front, at: sorryServerOf(lab.director.front, service) } : null;
    return { vip, port, page, scheduler, flags, persistence, persistenceGranularity, servers, sorry };
  });
  const context = { interval, timeout, quiescent, services, ...looks };
  return [
    ...(load ? [{ template: 'director/weigh', context: { port: cpuTimesPort, timeout } }] : []),
    {
      template: 'director/keepalived',
      phase: 'on top',
      context: {
        ...context,
        patience: timeout + 10,
        sorry: services.flatMap((one) => (one.sorry ? `-> ${one.sorry.at} ` : [])),
        // Health checks leave out a real server with weight 0: it is in the table only for its connections.
        awaited: services.flatMap(({ servers }) => servers.flatMap(({ name, weight }) => (weight > 0 ? name : []))),
      },
    },
  ];
}

/** A real server in terms of keepalived.conf(5). */
function keepalivedServer(service: Service, one: Destination, load: boolean) {
  const { address, port, mode, tunnel, tunnelPort, weight, uthreshold, lthreshold } = one;
  const words: Record<Mode, string> = { nat: 'NAT', dr: 'DR', tun: 'TUN' };
  const kinds = { ipip: '', gue: ` type gue port ${tunnelPort} nocsum`, gre: ' type gre nocsum' };
  return {
    name: joinAddress(address, port),
    address,
    port,
    method: `${words[mode]}${mode === 'tun' ? kinds[tunnel] : ''}`,
    weight: load ? weight * loadSteps : weight,
    uthreshold,
    lthreshold,
    // The script that sets the weight remembers the last times of each service under this name.
    seen: `${address}-${service.vip}-${portOf(service)}`,
  };
}

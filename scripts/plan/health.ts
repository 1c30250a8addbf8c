import { pageCheck } from '../backends/health-checks.ts';
import { backendOf } from '../backends/index.ts';
import { apachePackages, apachePort } from '../backends/shared/apache.ts';
import { portOf } from '../ipvs/rules.ts';
import { joinAddress } from '../model/addresses.ts';
import type { Health, Lab, RealServer } from '../model/lab.ts';
import { cpuTimesPort } from '../model/taken-ports.ts';
import type { Mode } from '../model/words.ts';
import { keepalivedScripts } from './keepalived.ts';
import type { Step } from './scripts.ts';
import { isSorry, sorryServerOf } from './sorry-server.ts';

/** Programs of the director, each with the Debian package that has it. */
export function healthPrograms({ health }: Lab): Record<string, string> {
  if (!health) return {};
  return {
    [health.by]: health.by,
    ...(health.sorryServer && apachePackages),
    ...(health.checks?.includes('load') && { nc: 'netcat-openbsd' }),
  };
}

/**
 * Scripts that start the health checks on a director, which then maintain the table.
 * @param front its address
 */
export function healthScripts(lab: Lab, health: Health, front: string): Step[] {
  return [
    ...(lab.services.some((one) => isSorry(health, one))
      ? [{ template: 'director/sorry', context: { ports: sorryPorts(lab, health) } }]
      : []),
    ...(health.by === 'keepalived' ? keepalivedScripts(lab, health, front) : ldirectordScripts(lab, health)),
  ];
}

/** Ports on which the sorry server must listen, apart from Apache's default. */
function sorryPorts({ services }: Lab, health: Health): number[] {
  const sorry = services.filter((one) => isSorry(health, one));
  return [...new Set(sorry.map(portOf))].filter((port) => port !== apachePort);
}

/** Scripts of a real server for the check load. */
export function watchedScripts({ health }: Lab, { address }: RealServer): Step[] {
  if (!health?.checks?.includes('load')) return [];
  return [{ template: 'real-server/cpu-times', context: { listen: joinAddress(address, cpuTimesPort) } }];
}

/** ldirectord starts early, because it takes an emulated director some seconds, and is awaited when all real servers are set up. */
function ldirectordScripts(lab: Lab, health: Health): Step[] {
  const words: Record<Mode, string> = { nat: 'masq', dr: 'gate', tun: 'ipip' };
  const { interval, timeout, quiescent, retry } = health;
  const services = lab.services.map((service) => ({
    virtual: joinAddress(service.vip, portOf(service)),
    sorry: isSorry(health, service) ? sorryServerOf(lab.director.front, service) : '',
    pages: service.endpoints.every(({ backend }) => backendOf(backend).healthChecks.includes(pageCheck)),
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
  const failures = retry > 0 ? retry + 1 : 0;
  const connects = services.some(({ pages }) => !pages);
  const context = { interval, timeout, failures, connects, quiescent: quiescent ? 'yes' : 'no', services };
  const sorry = services.map((one) => one.sorry).join(' ');
  return [
    { template: 'director/ldirectord', context },
    { template: 'director/ldirectord-well', phase: 'on top', context: { awaited: awaited.join(' '), sorry, timeout } },
  ];
}

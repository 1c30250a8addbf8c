import { backendOf, backends } from '../../backends/index.ts';
import { rangesOf } from '../services.ts';
import type { LintedService, Report } from './report.ts';

/** Backends that one service by fwmark may have. */
const joinable = `${backends.flatMap(({ name, pages }) => (pages ? name : [])).join(' and ')} can be joined`;

/** Rules about what answers at a service's ports, and over which protocol. */
export function backend(
  { names, problem, warning }: Report,
  { service, path, protocol, endpoints, members }: LintedService,
): void {
  const modes = members.map(({ mode }) => mode);
  const at = (otherwise: string) => [...path, service.backend ? 'backend' : otherwise];
  for (const { port, backend: guessed } of service.backend ? [] : endpoints) {
    const { port: usual, alsoAt, daemon } = backendOf(guessed);
    if (port === usual || alsoAt.includes(port)) continue;
    const what = `the file does not say what answers at ${protocol} port ${port}; the lab uses ${guessed} (${daemon.name})`;
    warning([...path, 'port'], what, `backend: ${guessed}, or another one`);
  }
  const served = [...new Set(endpoints.map((one) => backendOf(one.backend)))];
  for (const { name, protocols } of served) {
    if (!protocols.includes(protocol)) {
      problem(at('protocol'), `${name} cannot be served over ${protocol}`, `protocol: ${protocols.join(' or ')}`);
    }
  }
  for (const one of served) {
    const objection = one.objection?.({
      modes,
      marked: service.fwmark !== undefined,
      ranged: rangesOf(service).length > 0,
      persistent: service.persistence > 0,
      realServers: names.length,
    });
    if (objection) problem(at('port'), objection.what, objection.fix);
  }
  if (new Set(served.map(({ client }) => client)).size > 1) {
    const all = served.map(({ name }) => name).join(' and ');
    problem([...path, 'port'], `no client of the kit can send requests to ${all} in turn`, joinable);
  }
  if (service.ops && protocol !== 'udp') {
    problem(
      [...path, 'ops'],
      `ops schedules each datagram by itself, and ${protocol} has connections`,
      'protocol: udp',
    );
  } else if (service.ops && modes.includes('nat')) {
    problem(
      [...path, 'ops'],
      'with ops IPVS forgets a datagram before its answer comes back, and by nat it must turn the answer’s source into the VIP',
      'mode: dr or tun',
    );
  }
}

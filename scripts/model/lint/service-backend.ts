import { backendOf, backends } from '../../backends/index.ts';
import type { LintedService, Report } from './report.ts';

/** A service by mark may have these side by side. */
const joinable = `${backends.flatMap(({ name, pages }) => (pages ? name : [])).join(' and ')} may be joined`;

/** What answers at a service's ports, and over which protocol. */
export function backend(
  { names, problem }: Report,
  { service, path, protocol, endpoints, members }: LintedService,
): void {
  const modes = members.map(({ mode }) => mode);
  const at = (otherwise: string) => [...path, service.backend ? 'backend' : otherwise];
  const served = [...new Set(endpoints.map((one) => backendOf(one.backend)))];
  for (const { name, protocols } of served) {
    if (!protocols.includes(protocol)) {
      problem(at('protocol'), `${name} is not served over ${protocol}`, `protocol: ${protocols.join(' or ')}`);
    }
  }
  for (const one of served) {
    const objection = one.objection?.({
      modes,
      marked: service.fwmark !== undefined,
      realServers: names.length,
    });
    if (objection) problem(at('port'), objection.what, objection.fix);
  }
  if (new Set(served.map(({ client }) => client)).size > 1) {
    const all = served.map(({ name }) => name).join(' and ');
    problem([...path, 'port'], `${all}: no client asks both in turn`, joinable);
  }
  if (service.ops && protocol !== 'udp') {
    problem(
      [...path, 'ops'],
      `${protocol} has connections, which the kernel does not schedule packet by packet`,
      'protocol: udp',
    );
  } else if (service.ops && modes.includes('nat')) {
    problem(
      [...path, 'ops'],
      'by nat IPVS has forgotten a datagram before its answer comes, and nobody turns the source into the VIP again',
      'mode: dr or tun',
    );
  }
}

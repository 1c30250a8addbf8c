import { portRange, thresholdRange, weightRange } from '../model/limits.ts';
import type { MemberInFile } from '../model/schema/real-server.ts';
import { type Draft, type Machine, machineAt } from './draft.ts';
import type { ImportedServer, ImportedService } from './imported.ts';

/** The real servers of a service, each once. */
export function membersOf(draft: Draft, service: ImportedService): MemberInFile[] {
  const { title, servers } = service;
  const known = new Set<Machine>();
  return servers.flatMap((server) => {
    const machine = machineAt(draft, server.address);
    if (!machine) return [];
    if (!known.has(machine)) {
      known.add(machine);
      return [memberOf(draft, service, server, machine)];
    }
    draft.notCarriedOver.push(`${title}: real server ${server.address} appears again, with port ${server.port}`);
    return [];
  });
}

function memberOf(
  { notCarriedOver }: Draft,
  service: ImportedService,
  server: ImportedServer,
  { name, mode }: Machine,
): MemberInFile {
  const { title } = service;
  const { address, upper, lower } = server;
  const most = (limit: number, value: number, what: string) => {
    if (value > limit) notCarriedOver.push(`${title}: ${what} ${value} of ${address}; the most is ${limit}`);
    return Math.min(value, limit);
  };
  if (lower > upper) notCarriedOver.push(`${title}: lower threshold ${lower} of ${address} is above the upper one`);
  const why = whyNotMapped(service, server, mode);
  if (why) notCarriedOver.push(`${title}: port ${server.port} of ${address}: ${why}`);
  const uthreshold = most(thresholdRange.most, upper, 'upper threshold');
  const lthreshold = most(thresholdRange.most, lower, 'lower threshold');
  return {
    name,
    weight: most(weightRange.most, server.weight, 'weight'),
    ...(!why && isOther(service, server) && { port: server.port }),
    ...(uthreshold > 0 && { uthreshold }),
    ...(lthreshold > 0 && lower <= upper && { lthreshold }),
  };
}

/** Whether the real server listens on another port than the service. */
function isOther({ protocol, port }: ImportedService, server: ImportedServer): boolean {
  return server.port > 0 && (protocol === 'mark' || server.port !== port);
}

function whyNotMapped(service: ImportedService, server: ImportedServer, mode: Machine['mode']): string | undefined {
  if (!isOther(service, server)) return undefined;
  if (service.protocol === 'mark') return 'by mark it gets each packet at the port that the client sent it to';
  if (mode !== 'nat') return `${mode} can't change ports, so packets arrive at port ${service.port}`;
  return server.port > portRange.most ? 'there is no such port' : undefined;
}

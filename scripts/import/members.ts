import { portRange, thresholdRange, weightRange } from '../model/limits.ts';
import type { MemberInFile } from '../model/schema/real-server.ts';
import type { Draft, Machine } from './draft.ts';
import type { ImportedServer, ImportedService, Said } from './imported.ts';
import { keepMethod } from './machines.ts';

/** The real servers of a service, each once. */
export function membersOf(draft: Draft, service: ImportedService): MemberInFile[] {
  const known = new Set<Machine>();
  return service.servers.flatMap((server) => {
    const machine = draft.places.get(server);
    if (!machine) return [];
    if (!known.has(machine)) {
      known.add(machine);
      return [memberOf(draft, service, server, machine)];
    }
    draft.ledger.leave(server.by, `${machine.name} is in this service already`);
    return [];
  });
}

function memberOf(draft: Draft, service: ImportedService, server: ImportedServer, machine: Machine): MemberInFile {
  const { ledger } = draft;
  const { name, mode } = machine;
  keepMethod(draft, server, machine);
  const { by, upper, lower, weight } = server;
  ledger.keep(by, ...server.also);
  const most = (limit: number, said: Said<number>) => {
    if (said.value > limit) ledger.leave(said.by ?? by, `the most is ${limit}`);
    ledger.keep(said.by);
    return Math.min(said.value, limit);
  };
  const why = whyNotMapped(service, server, mode);
  if (why) ledger.leave(by, `port ${server.port}: ${why}`);
  const uthreshold = most(thresholdRange.most, upper);
  const lthreshold = most(thresholdRange.most, lower);
  const backwards = lthreshold > uthreshold;
  if (backwards) ledger.leave(lower.by ?? by, `the lower threshold ${lthreshold} is above the upper one`);
  return {
    name,
    weight: most(weightRange.most, weight),
    ...(!why && isOther(service, server) && { port: server.port }),
    ...(uthreshold > 0 && { uthreshold }),
    ...(lthreshold > 0 && !backwards && { lthreshold }),
  };
}

/** Whether the real server listens on another port than the service. */
function isOther({ protocol, port }: ImportedService, server: ImportedServer): boolean {
  return server.port > 0 && (protocol === 'mark' || server.port !== port);
}

function whyNotMapped(service: ImportedService, server: ImportedServer, mode: Machine['mode']): string | undefined {
  if (!isOther(service, server)) return undefined;
  if (service.protocol === 'mark') return 'by mark it gets each packet at the port that the client sent it to';
  if (mode !== 'nat') return `${mode} can't change ports, so packets arrive at the port of the service`;
  return server.port > portRange.most ? 'there is no such port' : undefined;
}

import { backends, usualBackend } from '../backends/index.ts';
import { type Family, hostAt, isNetmask } from '../model/addresses.ts';
import { fwmarkRange, longestTimeout, portRange } from '../model/limits.ts';
import type { MemberInFile } from '../model/schema/real-server.ts';
import type { WrittenService } from '../model/schema/service.ts';
import { protocolOf } from '../model/services.ts';
import { type SchedulerFlag, schedulerFlags, schedulers } from '../model/words.ts';
import { type Draft, networks } from './draft.ts';
import type { ImportedService } from './imported.ts';
import { membersOf } from './members.ts';
import { backendFor, takePorts, whyNoBackend } from './ports.ts';

/** A configuration does not say which ports a mark joins. A lab joins those of web pages. */
const markedPorts = backends.flatMap(({ pages, port }) => (pages ? port : []));

const unknownScheduler = 'wlc';

/** A service of the lab, or nothing if the lab can't have this one. */
export function serviceFor(draft: Draft, imported: ImportedService): WrittenService | undefined {
  const { vips, names, family, notCarriedOver } = draft;
  const { title, protocol: kind, port: number } = imported;
  const refuse = (why: string): undefined => {
    notCarriedOver.push(`service ${title}: ${why}`);
  };
  const marked = kind === 'mark';
  if (number > (marked ? fwmarkRange.most : portRange.most))
    return refuse(`there is no ${marked ? 'mark' : 'port'} ${number}`);
  if (marked && number === 0) return refuse('0 is not a mark');
  const protocol = marked ? 'tcp' : kind;
  const port = marked ? markedPorts : number || usualBackend(protocol).port;
  const key = marked ? title : imported.vip;
  const vip = vips.get(key) ?? hostAt(networks[family].front, BigInt(vips.size === 0 ? 3 : 200 + vips.size));
  const name = marked ? title : `${protocol} ${vip} ${port}`;
  if (names.has(name)) return refuse('another service has its address and port');
  const members = membersOf(draft, imported);
  if (members.length === 0) return refuse('none of its real servers can be carried over');
  const bare: WrittenService = {
    vip,
    ...(marked && { fwmark: number }),
    port,
    ...optionsOf(draft, imported, members),
    real_servers: members,
  };
  const made = { ...bare, ...(protocolOf(bare) !== protocol && { protocol }) };
  const wish = backendFor(made);
  const backend = takePorts(draft, made, members, wish);
  if (!backend) return refuse(whyNoBackend(draft, members, wish));
  vips.set(key, vip);
  names.add(name);
  notCarriedOver.push(...lossesOf(imported, made, family));
  if (marked) {
    const ports = markedPorts.join(' and ');
    notCarriedOver.push(
      `${title}: the configuration does not say which VIP and ports have this mark; the lab uses ${ports} of ${vip}`,
    );
  } else if (number === 0)
    notCarriedOver.push(`${title}: port 0, which means every port of the VIP; the lab uses port ${port}`);
  else if (![backend.port, ...backend.alsoAt].includes(number))
    notCarriedOver.push(`${title}: the configuration does not say what answers there; the lab uses ${backend.name}`);
  return { ...made, ...(wish !== backend && { backend: backend.name }) };
}

/** How connections are scheduled, as far as a lab file can express it. */
function optionsOf({ family, machines }: Draft, imported: ImportedService, members: readonly MemberInFile[]) {
  const scheduler = schedulers.find((one) => one === imported.scheduler) ?? unknownScheduler;
  const flags = imported.flags.filter((flag): flag is SchedulerFlag => isFlagOf(imported, flag));
  const persistence = Math.min(imported.persistence, longestTimeout);
  const granularity = granularityOf(imported, family);
  const nat = machines.some(({ name, mode }) => mode === 'nat' && members.some((one) => one.name === name));
  return {
    scheduler,
    ...(flags.length > 0 && { flags }),
    ...(persistence > 0 && { persistence }),
    ...(persistence > 0 && granularity && { persistence_granularity: granularity }),
    ...(imported.ops && imported.protocol === 'udp' && !nat && { ops: true }),
  };
}

function isFlagOf({ scheduler }: ImportedService, flag: string): boolean {
  return schedulerFlags.some((one) => one === flag) && flag.startsWith(`${scheduler}-`);
}

/** A netmask, or a prefix length of IPv6. Nothing for one that joins no clients: all 32 or 128 bits. */
function granularityOf({ granularity }: ImportedService, family: Family): string | number | undefined {
  if (family === 4) return isNetmask(granularity) ? granularity : undefined;
  const bits = Number(granularity);
  return Number.isInteger(bits) && bits >= 1 && bits <= 127 ? bits : undefined;
}

/** The options of a service that the lab can't have. */
function lossesOf(imported: ImportedService, made: WrittenService, family: Family): string[] {
  const { title, scheduler, granularity, persistence } = imported;
  const separate = ['', '128', '255.255.255.255'].includes(granularity);
  const granularityLost = !separate && granularityOf(imported, family) === undefined;
  return [
    ...imported.notCarriedOver.map((one) => `${title}: ${one}`),
    ...(made.scheduler === scheduler
      ? []
      : [`${title}: scheduler ${scheduler} is unknown; the lab uses ${made.scheduler}`]),
    ...imported.flags.filter((flag) => !isFlagOf(imported, flag)).map((flag) => `${title}: flag ${flag}`),
    ...(persistence > longestTimeout ? [`${title}: persistence ${persistence}; the most is ${longestTimeout}`] : []),
    ...(granularityLost ? [`${title}: persistence granularity ${granularity}`] : []),
    ...(imported.ops && !made.ops
      ? [`${title}: one-packet scheduling, which works over UDP only, and not by nat`]
      : []),
  ];
}

import { joinAddress } from '../model/addresses.ts';
import type { ImportedServer, ImportedService } from './imported.ts';
import { titleOf } from './titles.ts';

/** The most differences that are told one by one. */
const most = 20;

/** How the table of a live director differs from what its configuration says, a sentence for each difference. */
export function differencesOf(configured: readonly ImportedService[], live: readonly ImportedService[]): string[] {
  const [wanted, found] = [byName(configured, titleOf), byName(live, titleOf)];
  const told = [...new Set([...wanted.keys(), ...found.keys()])].flatMap((title) => {
    const [one, other] = [wanted.get(title), found.get(title)];
    if (!one) return `${title} is in the director's table, but not in its configuration`;
    return other ? betweenServices(title, one, other) : `${title} is not in the director's table at this moment`;
  });
  if (told.length <= most) return told;
  return [...told.slice(0, most), `${told.length - most} more differences between table and configuration`];
}

function betweenServices(title: string, one: ImportedService, other: ImportedService): string[] {
  const nameIn = (service: ImportedService) => (server: ImportedServer) =>
    joinAddress(server.address, portIn(service, server));
  const [wanted, found] = [byName(one.servers, nameIn(one)), byName(other.servers, nameIn(other))];
  return [
    ...unlike(title, 'scheduler', one.scheduler.value, other.scheduler.value),
    ...unlike(title, 'persistence', one.persistence.value, other.persistence.value),
    ...[...new Set([...wanted.keys(), ...found.keys()])].flatMap((name) => {
      const server = `${title}, real server ${name}`;
      const [here, there] = [wanted.get(name), found.get(name)];
      if (!here) return `${server} is in the director's table, but not in its configuration`;
      if (!there) return `${server} is not in the director's table at this moment`;
      return [
        ...unlike(server, 'weight', here.weight.value, there.weight.value),
        ...unlike(server, 'method', here.forwarding.value, there.forwarding.value),
      ];
    }),
  ];
}

function unlike(of: string, what: string, configured: string | number, live: string | number): string[] {
  if (configured === live) return [];
  return [`${of}: ${what} ${live} in the director's table, ${configured} in its configuration`];
}

/** By mark there is no port; by dr and tun it is that of the service. */
function portIn({ protocol, port }: ImportedService, server: ImportedServer): number {
  if (protocol === 'mark') return 0;
  return server.forwarding.value === 'nat' ? server.port : port;
}

/** The first of each name. */
function byName<T>(all: readonly T[], nameOf: (one: T) => string): Map<string, T> {
  return new Map(all.map((one) => [nameOf(one), one] as const).reverse());
}

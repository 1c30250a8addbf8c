import { joinAddress } from '../model/addresses.ts';
import type { ImportedServer, ImportedService } from './imported.ts';
import { titleOf } from './titles.ts';

/** The most differences that are told one by one. */
const most = 20;

/** What the two sides are called. */
export interface Sides {
  live: string;
  configured: string;
}

const director: Sides = { live: "the director's table", configured: 'its configuration' };

/** How a table differs from what a configuration says, a sentence for each difference. */
export function differencesOf(
  configured: readonly ImportedService[],
  live: readonly ImportedService[],
  sides = director,
): string[] {
  const [wanted, found] = [byName(configured, titleOf), byName(live, titleOf)];
  const told = [...new Set([...wanted.keys(), ...found.keys()])].flatMap((title) => {
    const [one, other] = [wanted.get(title), found.get(title)];
    if (!one) return `${title} is in ${sides.live}, but not in ${sides.configured}`;
    return other ? betweenServices(title, one, other, sides) : `${title} is not in ${sides.live} at this moment`;
  });
  if (told.length <= most) return told;
  return [...told.slice(0, most), `${told.length - most} more differences`];
}

function betweenServices(title: string, one: ImportedService, other: ImportedService, sides: Sides): string[] {
  const unlike = (of: string, what: string, here: string | number, there: string | number) =>
    here === there ? [] : [`${of}: ${what} ${there} in ${sides.live}, ${here} in ${sides.configured}`];
  const nameIn = (service: ImportedService) => (server: ImportedServer) =>
    joinAddress(server.address, portIn(service, server));
  const [wanted, found] = [byName(one.servers, nameIn(one)), byName(other.servers, nameIn(other))];
  return [
    ...unlike(title, 'scheduler', one.scheduler.value, other.scheduler.value),
    ...unlike(title, 'persistence', one.persistence.value, other.persistence.value),
    ...[...new Set([...wanted.keys(), ...found.keys()])].flatMap((name) => {
      const server = `${title}, real server ${name}`;
      const [here, there] = [wanted.get(name), found.get(name)];
      if (!here) return `${server} is in ${sides.live}, but not in ${sides.configured}`;
      if (!there) return `${server} is not in ${sides.live} at this moment`;
      return [
        ...unlike(server, 'weight', here.weight.value, there.weight.value),
        ...unlike(server, 'method', here.forwarding.value, there.forwarding.value),
      ];
    }),
  ];
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

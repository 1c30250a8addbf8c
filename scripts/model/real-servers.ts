import { hostAt, nextFree } from './addresses.ts';
import type { Lab, RealServer } from './lab.ts';
import { networkOf } from './network-of.ts';
import type { LabFile } from './schema/lab-file.ts';
import { type RealServerInFile, realServer } from './schema/real-server.ts';
import { defaultTunnel, directorName, guePort, type NetworkName } from './words.ts';

/** A real server with its address and its values from the file. */
export type PlacedServer = RealServer & { given: RealServerInFile };

/** The real servers that a lab file lists, in their order; empty if the file has only their number. */
export function namedServers({ real_servers: servers }: Pick<LabFile, 'real_servers'>): RealServerInFile[] {
  return Array.isArray(servers) ? servers : [];
}

/** A real server that a lab file says nothing about. */
export const ordinaryServer: RealServerInFile = realServer.parse({});

/**
 * Names of the real servers: as given, else rs1, rs2, …, with the next number that is free.
 * @param wanted how many, instead of the number in the file
 */
export function namesOf(file: LabFile, wanted?: number): string[] {
  const named = namedServers(file);
  const count = wanted ?? (typeof file.real_servers === 'number' ? file.real_servers : named.length);
  const taken = new Set(named.flatMap(({ name }) => name ?? []));
  return Array.from({ length: count }, (_, index) => {
    const name = named[index]?.name ?? freeName(index + 1, taken);
    taken.add(name);
    return name;
  });
}

function freeName(number: number, taken: ReadonlySet<string>): string {
  return taken.has(`rs${number}`) ? freeName(number + 1, taken) : `rs${number}`;
}

/**
 * The real servers with their addresses: as given, else the next free ones of their networks.
 * @param taken addresses that are in use; those of real servers are added
 * @param wanted how many real servers, instead of the number in the file
 * @throws RangeError when a network is full
 */
export function placedServers(
  file: LabFile,
  { networks, director }: Pick<Lab, 'networks' | 'director'>,
  taken: Set<string>,
  wanted?: number,
): PlacedServer[] {
  const named = namedServers(file);
  // Addresses go on after the last one of the same network.
  const last = new Map<NetworkName, string>();
  return namesOf(file, wanted).map((name, index) => {
    const given = named[index] ?? ordinaryServer;
    const local = given.name === directorName;
    const mode = given.mode ?? file.mode;
    const place = networkOf(mode, networks);
    const address = given.address ?? (local ? localAddress(director, place) : nextAddress(place));
    if (!local) last.set(place, address);
    taken.add(address);
    const { tunnel = defaultTunnel, tunnel_port: tunnelPort = tunnel === 'gue' ? guePort : 0 } = given;
    return { name, local, mode, tunnel, tunnelPort, address, given };
  });

  function nextAddress(place: NetworkName): string {
    const cidr = networks[place] ?? networks.front;
    return nextFree(cidr, last.get(place) ?? hostAt(cidr, place === 'front' ? 3n : 1n), taken);
  }
}

function localAddress(director: Lab['director'], place: NetworkName): string {
  return (place === 'back' && director.back) || director.front;
}

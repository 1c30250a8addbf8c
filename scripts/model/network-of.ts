import type { Mode, NetworkName } from './words.ts';

/** The network of a real server with this forwarding method. */
export function networkOf(mode: Mode, networks: { back?: unknown; remote?: unknown }): NetworkName {
  if (mode === 'nat') return networks.back ? 'back' : 'front';
  return mode === 'tun' && networks.remote ? 'remote' : 'front';
}

/** The networks of a lab's real servers, without the director if it is one of them. */
export function networksOf(
  realServers: readonly { local: boolean; mode: Mode }[],
  networks: { back?: unknown; remote?: unknown },
): NetworkName[] {
  return [...new Set(realServers.filter(({ local }) => !local).map(({ mode }) => networkOf(mode, networks)))];
}

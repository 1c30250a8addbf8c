import type { Mode, NetworkName } from './lab.ts';

/** Where a real server by this method is. */
export function networkOf(mode: Mode, networks: { back?: unknown; remote?: unknown }): NetworkName {
  if (mode === 'nat') return networks.back ? 'back' : 'front';
  return mode === 'tun' && networks.remote ? 'remote' : 'front';
}

/** The networks that a lab's real servers are in, those apart that are the director itself. */
export function networksOf(
  realServers: readonly { local: boolean; mode: Mode }[],
  networks: { back?: unknown; remote?: unknown },
): NetworkName[] {
  return [...new Set(realServers.filter(({ local }) => !local).map(({ mode }) => networkOf(mode, networks)))];
}

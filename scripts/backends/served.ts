import type { Place, PortTaken, Served } from './backend.ts';

/** Ports of a real server, each once. */
export function portsOf(served: readonly Served[]): number[] {
  return [...new Set(served.map(({ port }) => port))];
}

/** VIPs, each once. */
export function vipsOf(served: readonly Served[]): string[] {
  return [...new Set(served.map(({ vip }) => vip))];
}

/** Addresses that requests arrive for: the RIP, and the VIPs except by NAT, which replaces them by the RIP. */
export function addressesOf(served: readonly Served[], { address, mode }: Place): string[] {
  return [address, ...(mode === 'nat' ? [] : vipsOf(served))];
}

/** `portsTaken` of a daemon that opens the port of its service and no other. */
export function itsPort(daemon: { name: string }) {
  return (protocol: string, port: number): PortTaken[] => [[`${protocol} ${port}`, daemon.name]];
}

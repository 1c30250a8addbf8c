import { backendOf } from '../../backends/index.ts';
import { canonical, familyOf } from '../../model/addresses.ts';
import type { Plan } from '../../plan/plan.ts';
import { type ListeningSocket, listeningSocket } from '../../state/listening-socket.ts';
import type { Look } from '../looks/look.ts';

/** The sockets on which real servers listen. ss would show the same, but it loads three kernel modules first. */
export const listeners: Look<ListeningSocket[]> = {
  name: 'listeners',
  about: '/proc/net/tcp, tcp6, udp and udp6 on each real server, and /proc/PID/stat of its daemons',
  on: (plan, { name }) =>
    plan.realServers.some(({ node }) => node === name) ? { processes: processesOf(plan) } : undefined,
  templates: { after: 'checks/listening/list' },
  parse: (printed) =>
    printed
      .in('after')
      .split('\n')
      .flatMap((line) => listeningSocket(line) ?? []),
};

function processesOf({ services }: Plan): string[] {
  const daemons = services.flatMap(({ endpoints }) => endpoints.map(({ backend }) => backendOf(backend).daemon));
  return [...new Set(daemons.flatMap(({ process = [] }) => process))];
}

/** Whether a socket takes what is sent to an address. An IPv6 socket may take IPv4 as well; /proc does not show it. */
export function takes(listener: ListeningSocket, address: string): boolean {
  const fitting = familyOf(address) === 6 ? [address] : ['0.0.0.0', address, canonical(`::ffff:${address}`)];
  return ['::', ...fitting].includes(listener.address);
}

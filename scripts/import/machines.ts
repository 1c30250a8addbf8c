import { familyOf, hostAt } from '../model/addresses.ts';
import { portRange, realServerCount } from '../model/limits.ts';
import type { WrittenRealServer } from '../model/schema/real-server.ts';
import { claimsOfMachine } from '../model/taken-ports.ts';
import { directorName, guePort, type Mode, type Tunnel } from '../model/words.ts';
import { type Draft, type Machine, networks } from './draft.ts';
import type { ImportedServer, ImportedService } from './imported.ts';

/**
 * Adds the real servers of a service to the lab, except those that the lab has already.
 * @param vips of the configuration: a real server with one of these addresses is the director
 */
export function addMachines(draft: Draft, { title, servers }: ImportedService, vips: ReadonlySet<string>): void {
  const { machines, family, notCarriedOver } = draft;
  for (const server of servers) {
    const { address, forwarding } = server;
    const local = vips.has(address) || /^(127\..*|::1)$/.test(address);
    if (!local && familyOf(address) !== family) {
      notCarriedOver.push(`real server ${address}: it gets an IPv${family} address, because the lab is IPv${family}`);
    }
    const known = machines.find((one) => one.rips.includes(address) || (local && one.local));
    if (!known && machines.length === realServerCount.most) {
      notCarriedOver.push(`real server ${address}: a lab has at most ${realServerCount.most}`);
    } else if (!known) addMachine(draft, server, local);
    else {
      if (!known.rips.includes(address)) known.rips.push(address);
      if (known.mode !== forwarding) {
        notCarriedOver.push(
          `${title}: real server ${address} by ${forwarding}; in the lab it is by ${known.mode}, because another service uses that`,
        );
      }
    }
  }
}

function addMachine({ machines, family, ports, notCarriedOver }: Draft, server: ImportedServer, local: boolean): void {
  const { address, forwarding } = server;
  const { front, back } = networks[family];
  const number = machines.length + 1;
  const name = local ? directorName : `rs${number}`;
  const { tunnel, tunnelPort } = tunnelOf(server, family === 6, notCarriedOver);
  const claims = claimsOfMachine(name, { guePort: tunnel === 'gue' ? tunnelPort || guePort : undefined });
  for (const [what, is] of claims) ports.set(what, is);
  machines.push({
    rips: [address],
    local,
    name,
    // Hosts 1 to 3 of the front network are the router, the director and the first VIP; host 1 at the back the director.
    address: forwarding === 'nat' ? hostAt(back, BigInt(number + 1)) : hostAt(front, BigInt(number + 3)),
    mode: forwarding,
    tunnel,
    tunnelPort,
  });
}

/** The tunnel that a lab can have; port 0 is the default. */
function tunnelOf(
  { address, tunnel, tunnelPort }: ImportedServer,
  ipv6: boolean,
  notCarriedOver: string[],
): { tunnel: Tunnel; tunnelPort: number } {
  if (ipv6 && tunnel !== 'ipip') {
    notCarriedOver.push(`tunnel ${tunnel} of ${address}: with IPv6 it becomes IP in IP`);
    return { tunnel: 'ipip', tunnelPort: 0 };
  }
  if (tunnel === 'gue' && tunnelPort > portRange.most) {
    notCarriedOver.push(`tunnel port ${tunnelPort} of ${address}: there is no such port`);
    return { tunnel, tunnelPort: 0 };
  }
  return { tunnel, tunnelPort };
}

export function writtenServer(machine: Machine, labMode: Mode): WrittenRealServer {
  const { name, local, address, mode, tunnel, tunnelPort } = machine;
  return {
    name,
    ...(!local && { address }),
    ...(mode !== labMode && { mode }),
    ...(mode === 'tun' && tunnel !== 'ipip' && { tunnel }),
    ...(mode === 'tun' && tunnel === 'gue' && tunnelPort > 0 && { tunnel_port: tunnelPort }),
  };
}

import { familyOf, hostAt } from '../model/addresses.ts';
import { portRange } from '../model/limits.ts';
import type { WrittenRealServer } from '../model/schema/real-server.ts';
import { claimsOfMachine } from '../model/taken-ports.ts';
import { directorName, guePort, type Mode, type Tunnel } from '../model/words.ts';
import { type Draft, type Machine, networks } from './draft.ts';
import type { ImportedServer, ImportedService } from './imported.ts';

/** How many machines the services need if no two real servers share one. */
export function machinesFor(services: readonly ImportedService[]): number {
  const all = services.flatMap(({ servers }) =>
    servers.map(({ address }, at) => `${address} ${instanceOf(servers, at)}`),
  );
  return new Set(all).size;
}

/** How many real servers of the same address stand before this one in its service. */
function instanceOf(servers: readonly ImportedServer[], at: number): number {
  return servers.slice(0, at).filter(({ address }) => address === servers[at]?.address).length;
}

/**
 * Finds a machine for each real server of a service: one of its own, or the one that has its address already.
 * @param ofDirector addresses of the director: a real server with one of these is the director
 */
export function addMachines(draft: Draft, service: ImportedService, ofDirector: ReadonlySet<string>): void {
  const { machines, ledger, family, places } = draft;
  const { servers } = service;
  for (const [at, server] of servers.entries()) {
    const { address, by } = server;
    const local = server.local || ofDirector.has(address) || /^(127\..*|::1)$/.test(address);
    if (!local && familyOf(address) !== family)
      ledger.leave(by, `its address becomes IPv${family}, because the lab is IPv${family}`);
    const instance = local ? 0 : instanceOf(servers, at);
    const known = machines.find(
      (one) => (local && one.local) || (one.instance === instance && one.rips.includes(address)),
    );
    const machine = known ?? shared(draft, service, server, local) ?? newMachine(draft, server, local, instance);
    if (!machine) {
      ledger.leave(by, `a lab has at most ${draft.most} real servers`);
      continue;
    }
    if (!machine.rips.includes(address)) machine.rips.push(address);
    places.set(server, machine);
  }
}

/** A machine that this service does not use yet, where real servers share machines. */
function shared(
  { machines, places, sharing }: Draft,
  { servers }: ImportedService,
  server: ImportedServer,
  local: boolean,
): Machine | undefined {
  if (!sharing || local) return undefined;
  const busy = new Set(servers.map((one) => places.get(one)));
  const others = new Set(servers.map(({ address }) => address));
  return machines.find(
    (one) =>
      !one.local &&
      one.instance === 0 &&
      one.mode === server.forwarding.value &&
      !busy.has(one) &&
      !one.rips.some((rip) => others.has(rip)),
  );
}

function newMachine(draft: Draft, server: ImportedServer, local: boolean, instance: number): Machine | undefined {
  const { machines, family, ports, most } = draft;
  if (machines.length === most) return undefined;
  const { address, forwarding } = server;
  const { front, back } = networks[family];
  const number = machines.length + 1;
  const name = local ? directorName : `rs${number}`;
  const { tunnel, tunnelPort } = tunnelOf(draft, server);
  const claims = claimsOfMachine(name, { guePort: tunnel === 'gue' ? tunnelPort || guePort : undefined });
  for (const [what, is] of claims) ports.set(what, is);
  const machine: Machine = {
    rips: [address],
    instance,
    local,
    name,
    // Hosts 1 to 3 of the front network are the router, the director and the first VIP; host 1 at the back the director.
    address: forwarding.value === 'nat' ? hostAt(back, BigInt(number + 1)) : hostAt(front, BigInt(number + 3)),
    mode: forwarding.value,
    tunnel,
    tunnelPort,
  };
  machines.push(machine);
  return machine;
}

/** The tunnel that a lab can have; port 0 is the default. */
function tunnelOf(
  { family, ledger }: Draft,
  { by, tunnel, tunnelPort }: ImportedServer,
): { tunnel: Tunnel; tunnelPort: number } {
  if (family === 6 && tunnel.value !== 'ipip') {
    ledger.leave(tunnel.by ?? by, `tunnel ${tunnel.value}: with IPv6 it becomes IP in IP`);
    return { tunnel: 'ipip', tunnelPort: 0 };
  }
  if (tunnel.value === 'gue' && tunnelPort.value > portRange.most) {
    ledger.leave(tunnelPort.by ?? by, `there is no port ${tunnelPort.value}`);
    return { tunnel: tunnel.value, tunnelPort: 0 };
  }
  return { tunnel: tunnel.value, tunnelPort: tunnelPort.value };
}

/** Keeps what a real server says of its method, as far as its machine has that. */
export function keepMethod(
  { ledger }: Draft,
  { by, forwarding, tunnel, tunnelPort }: ImportedServer,
  machine: Machine,
): void {
  const { mode } = machine;
  if (mode === forwarding.value) ledger.keep(forwarding.by);
  else
    ledger.leave(
      forwarding.by ?? by,
      `by ${forwarding.value} here, but by ${mode} in another service: in the lab it is by ${mode}`,
    );
  for (const one of mode === 'tun' ? [] : [tunnel, tunnelPort]) {
    if (one.by && one.value && one.value !== 'ipip') ledger.leave(one.by, 'only tun has tunnels');
  }
  if (machine.tunnel === tunnel.value) ledger.keep(tunnel.by);
  if (machine.tunnelPort === tunnelPort.value) ledger.keep(tunnelPort.by);
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

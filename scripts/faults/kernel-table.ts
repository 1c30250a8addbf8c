import { Address4, Address6 } from 'ip-address';
import { portInTable, tableOf } from '../ipvs/rules.ts';
import { familyOf } from '../model/addresses.ts';
import type { Destination, Service } from '../model/lab.ts';
import type { Witness } from './fault.ts';
import { sh } from './sh.ts';

// Faults change the IPVS table with ipvsadm, which uses netlink. These witnesses read /proc instead.

/** Whether the kernel's line of a service matches an awk condition on its words: `$3 != "rr"`. */
export function serviceInKernel(on: string, service: Service, condition: string): Witness {
  return { on, run: found(`${isService(service)} && (${condition}) { found = 1 }`) };
}

/** The kernel has no such service. */
export function noServiceInKernel(on: string, service: Service): Witness {
  return { on, run: `! ${found(`${isService(service)} { found = 1 }`)}` };
}

/** Whether the kernel's line of a service's real server matches an awk condition: `$4 == 0` is its weight. */
export function serverInKernel(on: string, service: Service, server: Destination, condition: string): Witness {
  return {
    on,
    run: found(`${inService(service)} here && ${isServer(service, server)} && (${condition}) { found = 1 }`),
  };
}

/** The kernel's service lacks a real server. */
export function noServerInKernel(on: string, service: Service, server: Destination): Witness {
  return { on, run: `! ${found(`${inService(service)} here && ${isServer(service, server)} { found = 1 }`)}` };
}

function found(program: string): string {
  return sh`awk ${`${program} END { exit !found }`} /proc/net/ip_vs`;
}

function isService(service: Service): string {
  const { protocol, vip, fwmark } = service;
  const [kind, name] =
    fwmark > 0 ? ['FWM', hex(fwmark, 8)] : [protocol.toUpperCase(), `${address(vip)}:${hex(portInTable(service), 4)}`];
  return `$1 == "${kind}" && $2 == "${name}"`;
}

/** Remembers whether the lines that follow are of this service. */
function inService(service: Service): string {
  return `/^[A-Z]/ { here = ${isService(service)} }`;
}

function isServer(service: Service, server: Destination): string {
  const port = tableOf({ ...service, destinations: [server] }).servers[0]?.port ?? 0;
  return `$1 == "->" && $2 == "${address(server.address)}:${hex(port, 4)}"`;
}

/** An address as the kernel's ip_vs_info_seq_show prints it: C0A80103, [fd00:0001:0000:0000:0000:0000:0000:0003]. */
function address(text: string): string {
  if (familyOf(text) === 6) return `[${new Address6(text).canonicalForm()}]`;
  return new Address4(text)
    .toArray()
    .map((one) => hex(one, 2))
    .join('');
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}

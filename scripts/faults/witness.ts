import type { Protocol } from '../model/words.ts';
import { nicOn, type Plan, type PlannedService, theNode } from '../plan/plan.ts';
import type { Witness } from './fault.ts';
import { findNic, sh } from './sh.ts';

// How a fault is seen. Each of these looks at another thing than the commands that make faults: at what the kernel decides, at
// what is on the wire, or at what another machine gets.

/** No echo comes back from an address, in two tries. */
export function noEcho(on: string, address: string): Witness {
  return { on, run: sh`! ping -q -c 2 -i 0.5 -W 1 ${address} > /dev/null 2>&1` };
}

/** The kernel has no socket that serves a port. */
export function nobodyListens(on: string, { protocol, port }: { protocol: Protocol; port: number }): Witness {
  const flags = `-H -l -n ${{ tcp: '-t', udp: '-u', sctp: '-S' }[protocol]}`;
  return { on, run: `! ss ${flags} ${sh`sport = ${`:${port}`}`} | grep -q .` };
}

/** The kernel takes packets to an address for its own, or not. */
export function isLocal(on: string, address: string, expected: boolean): Witness {
  return { on, run: `${expected ? '' : '! '}${sh`ip route get ${address} 2> /dev/null | grep -q ^local`}` };
}

/** A process of this name runs, in one of these states of proc_pid_stat(5); or none runs at all. */
export function processIn(on: string, name: string, states: string): Witness {
  return { on, run: sh`grep -qs ${`^[0-9]* (${name}) [${states}] `} /proc/[0-9]*/stat` };
}

export function noProcess(on: string, name: string): Witness {
  return { on, run: `! ${sh`grep -qsx ${name}`} /proc/[0-9]*/comm` };
}

/** Machines that answer the client when it asks who has an address: each of these MACs does. */
export function answersFor(plan: Plan, address: string, macs: readonly string[]): Witness {
  const client = theNode(plan, 'client');
  const ask =
    plan.family === 6 ? sh`ndisc6 -m -r 1 -w 1500 ${address} "$nic"` : sh`arping -b -w 2 -I "$nic" ${address}`;
  const each = macs.map((mac) => sh`echo "$heard" | grep -qi ${mac}`).join(' && ');
  return { on: client.name, run: `${findNic(nicOn(client, 'front').address)}; heard=$(${ask} 2>&1); ${each}` };
}

/**
 * The kernel drops packets from an address to another one that come in by an interface: EXDEV, "Invalid cross-device link"
 * (fib_validate_source in fib_frontend.c).
 * @param nic shell text that sets $nic
 */
export function refusesSource(on: string, to: string, from: string, nic: string): Witness {
  return { on, run: `${nic}; ${sh`ip route get ${to} from ${from} iif "$nic" 2>&1 | grep -qi cross-device`}` };
}

/** The kernel refuses to send 1400 bytes in one packet. */
export function tooLong(on: string, to: string): Witness {
  return { on, run: sh`ping -M do -c 1 -W 1 -s 1400 ${to} 2>&1 | grep -qi 'too long'` };
}

/** A connection from the client to a service's first port is refused, or gets no answer for three seconds. */
export function noConnection(plan: Plan, { vip, endpoints }: PlannedService): Witness {
  return { on: theNode(plan, 'client').name, run: sh`! nc -z -w 3 ${vip} ${endpoints[0]?.port ?? 0} < /dev/null` };
}

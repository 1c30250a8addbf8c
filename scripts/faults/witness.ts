import type { NetworkName, Protocol } from '../model/words.ts';
import { nicOn, type Plan, type PlannedService, theNode } from '../plan/plan.ts';
import type { Witness } from './fault.ts';
import { findNic, sh } from './sh.ts';

// How faults are seen. A witness does not look at what the commands of a fault set: it looks at what the kernel decides, at
// what is on the wire, or at what another machine gets.

/** An address answers none of two pings. */
export function noEcho(on: string, address: string): Witness {
  return { on, run: sh`! ping -q -c 2 -i 0.5 -W 1 ${address} > /dev/null 2>&1` };
}

/** The kernel has no socket that serves a port. */
export function nobodyListens(on: string, { protocol, port }: { protocol: Protocol; port: number }): Witness {
  const flags = `-H -l -n ${{ tcp: '-t', udp: '-u', sctp: '-S' }[protocol]}`;
  return { on, run: `! ss ${flags} ${sh`sport = ${`:${port}`}`} | grep -q .` };
}

/** Whether the kernel treats an address as its own. */
export function isLocal(on: string, address: string, expected: boolean): Witness {
  return { on, run: `${expected ? '' : '! '}${sh`ip route get ${address} 2> /dev/null | grep -q ^local`}` };
}

/** A process of this name runs, in one of these states of proc_pid_stat(5). */
export function processIn(on: string, name: string, states: string): Witness {
  return { on, run: sh`grep -qs ${`^[0-9]* (${name}) [${states}] `} /proc/[0-9]*/stat` };
}

export function noProcess(on: string, name: string): Witness {
  return { on, run: `! ${sh`grep -qsx ${name}`} /proc/[0-9]*/comm` };
}

/** When the client asks who has an address, each machine with one of these MACs answers. */
export function answersFor(plan: Plan, address: string, macs: readonly string[]): Witness {
  return answersAt(plan, 'front', address, macs);
}

/** The same in any network of the director. The director asks in networks without the client. */
export function answersAt(plan: Plan, network: NetworkName, address: string, macs: readonly string[]): Witness {
  const asker = theNode(plan, network === 'front' ? 'client' : 'director');
  const ask =
    plan.family === 6
      ? sh`ndisc6 -m -r 1 -w 1500 ${address} "$nic"`
      : // -D: to ask for an address of its own.
        `arping -b -w 2 ${asker.nics.some((nic) => nic.address === address) ? '-D ' : ''}-I "$nic" ${sh`${address}`}`;
  const each = macs.map((mac) => sh`echo "$heard" | grep -qi ${mac}`).join(' && ');
  return { on: asker.name, run: `${findNic(nicOn(asker, network).address)}; heard=$(${ask} 2>&1); ${each}` };
}

/**
 * The kernel drops packets from an address to another one that come in by an interface: EXDEV, "Invalid cross-device link"
 * (fib_validate_source in fib_frontend.c).
 * @param nic shell text that sets $nic
 */
export function refusesSource(on: string, to: string, from: string, nic: string): Witness {
  return { on, run: `${nic}; ${sh`ip route get ${to} from ${from} iif "$nic" 2>&1 | grep -qi cross-device`}` };
}

/** The kernel refuses to send a ping of 1400 bytes in one packet. */
export function tooLong(on: string, to: string): Witness {
  return { on, run: sh`ping -M "do" -c 1 -W 1 -s 1400 ${to} 2>&1 | grep -qi 'too long'` };
}

/** A connection from the client to a service's first port is refused, or gets no answer for three seconds. */
export function noConnection(plan: Plan, { vip, endpoints }: PlannedService): Witness {
  return { on: theNode(plan, 'client').name, run: sh`! nc -z -w 3 ${vip} ${endpoints[0]?.port ?? 0} < /dev/null` };
}

/** A connection from the director to an address and port is refused, or gets no answer for three seconds. */
export function noConnectionTo(plan: Plan, address: string, port: number): Witness {
  return { on: theNode(plan, 'director').name, run: sh`! nc -z -w 3 ${address} ${port} < /dev/null 2> /dev/null` };
}

/** An address answers pings of 100 bytes, and no ping of 1400 bytes. */
export function onlyShort(on: string, address: string): Witness {
  const echo = (bytes: number) => sh`ping -q -M "do" -c 3 -i 0.3 -W 1 -s ${bytes} ${address} > /dev/null 2>&1`;
  return { on, run: `${echo(100)} && ! ${echo(1400)}` };
}

/** At least four of forty pings get no answer, but not all of them. */
export function losesEchoes(on: string, address: string): Witness {
  return echoes(
    on,
    sh`ping -q -c 40 -i 0.05 -W 2 ${address}`,
    '/ received/ { found = $1 - $4 >= 4 && $4 > 0 } END { exit !found }',
  );
}

/** The quickest of three pings takes more than half a second. */
export function echoesLate(on: string, address: string): Witness {
  return echoes(
    on,
    sh`ping -q -c 3 -i 0.3 -W 4 ${address}`,
    '/^rtt/ { split($4, ms, "/"); late = ms[1] > 500 } END { exit !late }',
  );
}

/** Some of thirty pings are answered twice. */
export function echoesTwice(on: string, address: string): Witness {
  return { on, run: sh`ping -c 30 -i 0.05 -W 1 ${address} 2>&1 | grep -q DUP!` };
}

/** Some of fifty pings are answered before an earlier ping. */
export function echoesOvertake(on: string, address: string): Witness {
  const awk =
    '{ if (/icmp_seq=/) { sub(/.*icmp_seq=/, ""); if ($1 + 0 < last) found = 1; last = $1 + 0 } } END { exit !found }';
  return echoes(on, sh`ping -c 50 -i 0.01 -W 1 ${address}`, awk);
}

function echoes(on: string, ping: string, awk: string): Witness {
  return { on, run: `${ping} 2>&1 | ${sh`awk ${awk}`}` };
}

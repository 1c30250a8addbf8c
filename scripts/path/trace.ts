import { harmless } from './reasons.ts';
import { receiving } from './traced-functions.ts';

/** What a kernel did with the packets that came together from one NIC; mostly that is one packet. */
export interface Handled {
  network: string;
  /** The length of each packet without the Ethernet header, in bytes. */
  lengths: number[];
  functions: string[];
  drops: { reason: string; where: string }[];
}

/** What was traced on a node. */
export interface Trace {
  node: string;
  handled: Handled[];
}

interface TraceLine {
  /** In softirq context, where packets are received. */
  receives: boolean;
  event: string;
  text: string;
}

/**
 * Reads what `trace-stop` printed: NICs with their networks, then the lines of tracefs. Packets of other NICs are left out, such as
 * those of the kit's own connection. What a tunnel device gets belongs to the packet that came by the NIC.
 */
export function parseTrace(node: string, text: string): Trace {
  const networks = new Map(
    [...text.matchAll(/^@@nic (\w+) (\S+)$/gm)].map(([, network = '', device = '']) => [device, network]),
  );
  const others = new Set([...text.matchAll(/^@@other (\S+)$/gm)].map(([, device = '']) => device));
  const handled: Handled[] = [];
  let current: Handled | undefined;
  let begun = false;
  let previous = '';
  for (const line of text.split('\n')) {
    const { receives, event, text: rest } = lineOf(line);
    if (!receives) continue;
    if (event === 'netif_receive_skb') {
      const [, device = '', length = ''] = /dev=(\S+) .*len=(\d+)/.exec(rest) ?? [];
      const network = networks.get(device);
      if (network !== undefined) {
        if (current?.network === network && !begun) current.lengths.push(Number(length));
        else {
          current = { network, lengths: [Number(length)], functions: [], drops: [] };
          handled.push(current);
        }
        begun = false;
      } else if (others.has(device)) current = undefined;
    } else if (event === 'kfree_skb') {
      const drop = dropOf(rest);
      if (drop) current?.drops.push(drop);
      begun = true;
    } else {
      // What IPVS sends passes its hook once more, on the way out.
      const goesOut = event === 'ip_vs_in_hook' && /(_xmit(_v6)?|_dnat_handler)$/.test(previous);
      if (!receiving.includes(event) && !goesOut) current?.functions.push(event);
      previous = event;
      begun = true;
    }
  }
  return { node, handled };
}

/**
 * Lines of the function tracer and of events: `<idle>-0 [000] ..s2. 12.345678: ip_vs_schedule <-ip_vs_in_hook` and
 * `… 12.345678: kfree_skb: skbaddr=…`. The third of the flags is s or h in an interrupt.
 */
function lineOf(line: string): TraceLine {
  const [, flags = '', event = '', text = ''] =
    /^\s*.+-\d+\s+(?:\(.*\)\s+)?\[\d+\]\s+(\S+)\s+[\d.]+: (\w+)(?::| <-)(.*)$/.exec(line) ?? [];
  return { receives: /^..[sShH]/.test(flags), event, text };
}

/** Kernel 6.1 prints no function, but a number, for the place. */
function dropOf(text: string): Handled['drops'][number] | undefined {
  const [, place = ''] = /location=(\S+)/.exec(text) ?? [];
  const [, reason = 'NOT_SPECIFIED'] = /reason: (\S+)/.exec(text) ?? [];
  if (harmless.includes(reason)) return undefined;
  return { reason, where: /^[a-z_]/i.test(place) && place.includes('+') ? place.replace(/\+0x.*/, '') : '' };
}

import type { Fault, Place } from './fault.ts';
import { longEnded } from './long-ended.ts';
import { chain, dropTable, setNicTable } from './own-table.ts';
import { nearServers } from './servers.ts';
import { sharesOf } from './symptom.ts';
import { onlyShort } from './witness.ts';

/** By the way of a packet through a real server: what is long, and the hook and device of nftables that see it. */
const ways = {
  in: { long: 'request', table: 'inet short', hook: 'prerouting', device: 'iifname' },
  out: { long: 'answer', table: 'inet shorter', hook: 'postrouting', device: 'oifname' },
} as const;

/** Packets of more than 1200 bytes are lost on their way into a real server or out of it, and nobody is told. */
export function longLost(way: keyof typeof ways): Pick<Fault, 'family' | 'sign' | 'places'> {
  const { long, table, hook, device } = ways[way];
  const drop = chain(hook, `${device} "$nic" meta length > 1200 drop`, 'raw');
  return {
    family: 'mtu',
    sign: longEnded(way, long),
    places: (plan) =>
      nearServers(plan).map(
        ({ server: { node, address }, director }): Place => ({
          name: node,
          nodes: [node],
          make: [setNicTable(node, address, table, drop)],
          mend: [dropTable(node, table)],
          witness: onlyShort(director.name, address),
          symptom: { kind: 'long fails', of: sharesOf(plan, [node]), long: `${long}s` },
        }),
      ),
  };
}

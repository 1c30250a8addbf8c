import type { Arp, Icmp } from '../capture/layers/layer.ts';
import { nameOf } from '../plan/nics.ts';
import type { Plan } from '../plan/plan.ts';
import type { Read } from './follow.ts';
import type { Neighbour } from './followed.ts';
import { icmpOf } from './segment.ts';

const [solicitation, advertisement] = [135, 136];

/** A question for the MAC of an address, or its answer. */
interface Said {
  kind: 'question' | 'answer';
  address: string;
  /** Of an answer: the MAC that the address has. */
  mac: string;
}

/** Questions for the MACs of some addresses, with their answers. Unsolicited announcements do not count. */
export function neighboursIn(plan: Plan, reads: readonly Read[], addresses: ReadonlySet<string>): Neighbour[] {
  const found: (Neighbour & { askerMac: string })[] = [];
  for (const { at, sighting, ethernet, decoded } of reads) {
    const said = saidIn(decoded.layers, ethernet.source);
    if (!said || !addresses.has(said.address)) continue;
    const { network, time } = sighting;
    const about = ({ address, network: its }: Neighbour) => address === said.address && its === network;
    if (said.kind === 'question') {
      const open = found.findLast((one) => about(one) && one.askerMac === ethernet.source);
      if (open && open.answers.length === 0) open.frames.push(at);
      else {
        const asker = nameOf(plan, ethernet.source);
        found.push({
          time,
          network,
          asker,
          askerMac: ethernet.source,
          address: said.address,
          answers: [],
          frames: [at],
        });
      }
    } else {
      const asked = found.findLast((one) => about(one) && one.askerMac === ethernet.target);
      asked?.answers.push({ from: nameOf(plan, ethernet.source), mac: said.mac, time, frame: at });
    }
  }
  return found.map(({ askerMac: _, ...neighbour }) => neighbour);
}

function saidIn(layers: Read['decoded']['layers'], sender: string): Said | undefined {
  const arp = layers.find((layer): layer is Arp => layer.kind === 'arp');
  if (arp) return saidByArp(arp);
  const icmp: Icmp | undefined = icmpOf(layers);
  if (!icmp?.neighbour) return undefined;
  const { target, mac = sender } = icmp.neighbour;
  if (icmp.type === solicitation) return { kind: 'question', address: target, mac };
  return icmp.type === advertisement ? { kind: 'answer', address: target, mac } : undefined;
}

function saidByArp({ operation, sender, senderMac, target }: Arp): Said | undefined {
  if (sender === target) return undefined; // an announcement
  if (operation === 'request') return { kind: 'question', address: target, mac: senderMac };
  return operation === 'reply' ? { kind: 'answer', address: sender, mac: senderMac } : undefined;
}

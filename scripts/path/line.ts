import type { Decoded } from '../capture/decode.ts';
import type { Arp, Layer } from '../capture/layers/layer.ts';
import { nameOf } from '../plan/nics.ts';
import type { Plan } from '../plan/plan.ts';
import { complaintText } from './complaints.ts';
import { meaningOf } from './labels.ts';
import { segmentOf } from './segment.ts';
import { addressesText, tunnelName } from './words.ts';

/** A frame as one line: `client → director  192.168.1.100:20001 → 192.168.1.3:80  SYN`. */
export function frameLine(plan: Plan, { layers, payload }: Decoded): string {
  const [ethernet] = layers;
  if (ethernet?.kind !== 'ethernet') return 'no Ethernet frame';
  const who = `${nameOf(plan, ethernet.source)} → ${nameOf(plan, ethernet.target).replace('ff:ff:ff:ff:ff:ff', 'all')}`;
  return `${who}  ${whatIn(layers, payload)}`;
}

function whatIn(layers: readonly Layer[], payload: Uint8Array): string {
  const arp = layers.find((layer): layer is Arp => layer.kind === 'arp');
  if (arp)
    return arp.operation === 'reply'
      ? `${arp.sender} has ${arp.senderMac}`
      : `who has ${arp.target}? ${arp.sender} asks`;
  const segment = segmentOf({ layers: [...layers], payload });
  if (segment) {
    const tunnels = segment.wrapped.map((one) => `${tunnelName(one)} ${one.source} → ${one.target}: `).join('');
    const isAnswer = (segment.target.port ?? 0) > (segment.source.port ?? 0);
    const { label } = meaningOf(segment, isAnswer ? 'back' : 'there', { talked: true, phase: undefined });
    return `${tunnels}${addressesText(segment)}  ${label.replace(/^(request|answer), /, '')}`;
  }
  return otherText(layers);
}

function otherText(layers: readonly Layer[]): string {
  const icmp = layers.at(-1);
  const ip = layers.findLast((layer) => layer.kind === 'ipv4' || layer.kind === 'ipv6');
  const ends = ip && 'ttl' in ip ? `${ip.source} → ${ip.target}  ` : '';
  if (icmp?.kind === 'icmp' && icmp.neighbour) {
    const { target, mac } = icmp.neighbour;
    return icmp.type === 135
      ? `who has ${target}? ${ip && 'ttl' in ip ? ip.source : 'a node'} asks`
      : `${target} has ${mac ?? 'no MAC'}`;
  }
  if (icmp?.kind === 'icmp') return `${ends}ICMP: ${complaintText(icmp)}`;
  if (ip && 'ttl' in ip) return `${ends}${ip.fragment ? 'fragment' : `IP protocol ${ip.protocol}`}`;
  return 'a frame of another protocol';
}

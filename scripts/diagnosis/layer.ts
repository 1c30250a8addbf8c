import type { StateDifference } from '../state/state.ts';
import type { Layer } from './cause.ts';

const layers: Record<string, Layer> = {
  ...{
    link: 'nic',
    nic: 'nic',
    netns: 'nic',
    qdisc: 'nic',
    class: 'nic',
    filter: 'nic',
    offload: 'nic',
    module: 'nic',
  },
  ...{
    neighbour: 'neighbour',
    address: 'ip',
    route: 'ip',
    rule: 'ip',
    nexthop: 'ip',
    label: 'ip',
    xfrm: 'ip',
    fou: 'ip',
  },
  ...{ nft: 'firewall', iptables: 'firewall', ip6tables: 'firewall', arptables: 'firewall', ebtables: 'firewall' },
  ...{ ipvs: 'ipvs', socket: 'daemon', process: 'daemon', limit: 'daemon', busy: 'daemon', memory: 'daemon' },
  ...{ file: 'application', mode: 'application', mount: 'application', disk: 'application' },
};

/** The layer of a difference. A sysctl belongs to the layer that it sets. */
export function layerOf({ section, key }: StateDifference): Layer {
  if (section !== 'sysctl') return layers[section] ?? 'application';
  if (/\.arp_|\.neigh\.|proxy_(arp|ndp)/.test(key)) return 'neighbour';
  if (/^net\.ipv4\.vs\./.test(key)) return 'ipvs';
  if (/nf_|netfilter/.test(key)) return 'firewall';
  return /tcp|udp|core\./.test(key) ? 'transport' : 'ip';
}

/** Reasons for which a kernel drops a packet (include/net/dropreason-core.h), and the layers that can be to blame. */
const reasonLayers: readonly [reasons: RegExp, layers: readonly Layer[]][] = [
  [/^NETFILTER_DROP$/, ['firewall']],
  [
    /^(IP_RPFILTER|IP_\w+ROUTES|IP_INADDRERRORS|IP_INVALID_\w+|IP_LOCAL\w+|XFRM_POLICY|IPV6DISABLED|IP_NOPROTO)$/,
    ['ip'],
  ],
  [/^(NEIGH_\w+|OTHERHOST|UNICAST_IN_L2_MULTICAST)$/, ['neighbour', 'nic']],
  [/^(TC_\w+|QDISC_\w+|XDP|FULL_RING|DEV_\w+|CPU_BACKLOG|PKT_TOO_BIG)$/, ['nic', 'transport', 'line']],
  [/^(NO_SOCKET|SOCKET_\w+|TCP_\w+|PROTO_MEM)$/, ['daemon', 'transport', 'application']],
];

/** The layers that a reason points to; empty when it may be any layer. */
export function layersOf(reason: string): readonly Layer[] {
  return reasonLayers.find(([reasons]) => reasons.test(reason))?.[1] ?? [];
}

export function fitsLayer(reason: string, layer: Layer): boolean {
  const layers = layersOf(reason);
  return layers.length === 0 || layers.includes(layer);
}

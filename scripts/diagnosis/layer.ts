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

/** The layer of a fact. A sysctl belongs to what it is about. */
export function layerOf({ section, key }: StateDifference): Layer {
  if (section !== 'sysctl') return layers[section] ?? 'application';
  if (/\.arp_|\.neigh\.|proxy_(arp|ndp)/.test(key)) return 'neighbour';
  if (/^net\.ipv4\.vs\./.test(key)) return 'ipvs';
  if (/nf_|netfilter/.test(key)) return 'firewall';
  return /tcp|udp|core\./.test(key) ? 'transport' : 'ip';
}

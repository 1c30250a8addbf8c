import type { Source } from '../source.ts';
import type { StateEntry } from '../state.ts';

/** Modules that change what the kernel does with packets, or make devices. */
const networking = [
  /^(ip_vs|nf_|nft_|xt_|ipt_|ip6t_|ip_tables|ip6_tables|iptable_|ip6table_|arp_tables|arpt|ebt|br_netfilter|bridge$)/,
  /^(ipip|ip_gre|gre|sit|fou|ip_tunnel|ip6_tunnel|ip6_gre|tunnel[46]|dummy|bonding|8021q|macvlan|ipvlan|vxlan|veth|vrf|tun)$/,
  /^(sch_|cls_|act_|em_|xfrm|esp|ah[46]|wireguard|virtio_net|nfsd?|ocfs2)/,
];

/** Whether a module is one of those that are told. */
export function isNetworking(name: string): boolean {
  return networking.some((pattern) => pattern.test(name));
}

/** Loaded modules, and tables of tools that a guest does not have. */
export const kernel: Source = {
  name: 'kernel',
  parse: (text) => {
    const [modules = ''] = text.split('\n');
    const names = modules.split(/\s+/).map((path) => path.replace('/sys/module/', ''));
    const loaded = names.filter(isNetworking);
    const tables = [...text.matchAll(/^@@(arptables|ebtables) (\S+)$/gm)];
    return [
      ...loaded.map((key): StateEntry => ({ section: 'module', key, value: '' })),
      ...tables.map(([, tool = '', table = '']): StateEntry => ({ section: tool, key: `table ${table}`, value: '' })),
    ];
  },
};

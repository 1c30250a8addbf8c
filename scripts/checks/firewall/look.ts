import type { Look } from '../looks/look.ts';
import { type Filter, filtersIn } from './nft-ruleset.ts';

/** What may stand in the way of packets on a node. */
export interface FirewallSeen {
  /** What systemctl calls it: `active`; undefined where there is none. */
  firewalld: string | undefined;
  /** SELinux refuses, instead of only telling. */
  enforcing: boolean;
  /** What nftables drops or rejects, and iptables, which is nftables by another name. */
  filters: Filter[];
}

export const firewallLook: Look<FirewallSeen> = {
  name: 'firewall',
  about: 'firewalld, SELinux and nft list ruleset on every node',
  on: () => ({}),
  templates: { after: 'checks/firewall/look' },
  parse: (printed) => parseFirewall(printed.in('after')),
};

/** Lines `firewalld STATE` and `selinux NUMBER`, each where there is such a thing; below `@@ruleset` what nft prints. */
export function parseFirewall(text: string): FirewallSeen {
  const [services = '', ruleset = ''] = text.split(/^@@ruleset$/m);
  return {
    firewalld: /^firewalld (\S+)/m.exec(services)?.[1],
    enforcing: /^selinux 1/m.test(services),
    filters: filtersIn(ruleset),
  };
}

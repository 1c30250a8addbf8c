import { type Filter, filtersIn } from './nft-ruleset.ts';
import { sections } from './parse-observations.ts';

/** What may stand in the way of packets on a node. */
export interface FirewallSeen {
  /** What systemctl calls it: `active`; undefined where there is none. */
  firewalld: string | undefined;
  /** SELinux refuses, instead of only telling. */
  enforcing: boolean;
  /** What nftables drops or rejects, and iptables, which is nftables by another name. */
  filters: Filter[];
}

/** @param text what an observing script printed, with partials/firewall in it */
export function parseFirewall(text: string): FirewallSeen {
  const part = sections(text);
  const told = part.get('firewall') ?? '';
  return {
    firewalld: /^firewalld (\S+)/m.exec(told)?.[1],
    enforcing: /^selinux 1/m.test(told),
    filters: filtersIn(part.get('ruleset') ?? ''),
  };
}

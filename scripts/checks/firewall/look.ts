import type { Look } from '../looks/look.ts';
import { type LegacyTables, parseLegacy } from './legacy-tables.ts';
import { type Filter, filtersIn, hasArpRules } from './nft-ruleset.ts';

/** What may filter packets on a node. */
export interface FirewallSeen {
  /** The state of firewalld, as systemctl prints it: `active`; undefined where it is not installed. */
  firewalld: string | undefined;
  /** SELinux enforces its policy, and does not only report. */
  enforcing: boolean;
  /** What nftables drops or rejects. Debian's iptables writes its rules there as well. */
  filters: Filter[];
  /** nftables has rules for ARP. */
  arpRules: boolean;
  /** Tables that nftables does not show. */
  legacy: LegacyTables[];
}

export const firewallLook: Look<FirewallSeen> = {
  name: 'firewall',
  about: 'firewalld, SELinux, nft list ruleset, and iptables-legacy-save where it has tables, on every node',
  on: () => ({}),
  templates: { after: 'checks/firewall/look' },
  parse: (printed) => parseFirewall(printed.in('after')),
};

/**
 * Lines `firewalld STATE` and `selinux NUMBER`, each where there is such a thing; `@@legacy …` with what parseLegacy reads; below
 * `@@ruleset` what nft prints.
 */
export function parseFirewall(text: string): FirewallSeen {
  const [services = '', ruleset = ''] = text.split(/^@@ruleset$/m);
  return {
    firewalld: /^firewalld (\S+)/m.exec(services)?.[1],
    enforcing: /^selinux 1/m.test(services),
    filters: filtersIn(ruleset),
    arpRules: hasArpRules(ruleset),
    legacy: parseLegacy(services),
  };
}

/** Whether a node has rules for ARP, which may keep it quiet. */
export function filtersArp({ arpRules, legacy }: FirewallSeen): boolean {
  return arpRules || legacy.some(({ family, used }) => family === 'arp' && used);
}

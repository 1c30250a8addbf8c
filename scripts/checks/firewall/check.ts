import { countOf } from '../../count-of.ts';
import { type Plan, type PlannedNode, serversBy } from '../../plan/plan.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { type Hint, up } from '../hint.ts';
import { type FirewallSeen, firewallLook } from './look.ts';
import type { Filter } from './nft-ruleset.ts';

const judge: Judge = (plan, seen) => {
  const bad = plan.nodes
    .map((node) => obstaclesOn(plan, node, seen.of(firewallLook, node.name)))
    .filter(({ what }) => what.length > 0);
  const ok = bad.length === 0;
  const [first] = bad;
  return [
    {
      title: 'no firewall and no SELinux interferes',
      ok,
      expected: 'firewalld off, SELinux permissive, no nftables rule that drops or rejects',
      observed: ok
        ? `no filter on ${countOf(plan.nodes.length, 'machine')}`
        : bad.map(({ node, what }) => `${node}: ${shortened(what)}`).join('; '),
      ...(first && { hint: hintOf(plan, first) }),
    },
  ];
};

interface Obstacles {
  node: string;
  /** What was seen, for people. */
  what: string[];
  /** Tables of nftables that drop or reject. */
  tables: string[];
}

function obstaclesOn(plan: Plan, node: PlannedNode, { firewalld, enforcing, filters }: FirewallSeen): Obstacles {
  const active = firewalld === 'active';
  // Stopping firewalld removes its table.
  const others = filters.filter((one) => passes(plan, node, one) && !(active && one.table === 'inet firewalld'));
  return {
    node: node.name,
    what: [
      ...(active ? ['firewalld is active'] : []),
      ...(enforcing ? ['SELinux enforces'] : []),
      ...new Set(others.map(({ table, chain, what }) => `table ${table}, chain ${chain}: ${what}`)),
    ],
    tables: [...new Set(others.map(({ table }) => table))],
  };
}

function hintOf(plan: Plan, { node, what, tables }: Obstacles): Hint {
  const [table] = tables;
  if (table === undefined) return { cause: `${what.join(' and ')} on ${node}`, commands: [up(plan)], see: [] };
  return {
    cause: `table ${table} on ${node} filters packets; it is not the lab’s`,
    commands: ['nft list ruleset', `nft delete table ${table}`].map((run) => ({ on: node, run })),
    see: [],
  };
}

/** Whether packets of the lab go through a filter: it has their address family, and a hook that they go through on this node. */
function passes(plan: Plan, { role }: PlannedNode, { table, hook }: Filter): boolean {
  const family = table.split(' ')[0] ?? '';
  if (!(plan.family === 6 ? ['ip6', 'inet', 'netdev'] : ['ip', 'inet', 'netdev', 'arp']).includes(family)) return false;
  if (hook === 'forward') return role === 'router' || (role === 'director' && serversBy(plan, 'nat').length > 0);
  // Only its neighbours send packets to a router itself: ARP, or neighbour discovery, which is IPv6.
  if (role === 'router' && ['input', 'output'].includes(hook)) return plan.family === 6 || family === 'arp';
  return true;
}

export const firewall: CheckKind = {
  id: 'firewall',
  about: 'no firewall and no SELinux interferes on any node',
  faults: ['firewall-ssh-only', 'firewall-forward-drop'],
  looks: [firewallLook],
  judge,
};

/** The first three: a firewall may have a hundred rules. */
function shortened(what: readonly string[]): string {
  const most = 3;
  const more = what.length - most;
  return more > 0 ? `${what.slice(0, most).join(', ')}, and ${more} more` : what.join(', ');
}

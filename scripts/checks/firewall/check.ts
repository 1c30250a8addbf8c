import { type Plan, type PlannedNode, serversBy } from '../../plan/plan.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { type FirewallSeen, firewallLook } from './look.ts';
import type { Filter } from './nft-ruleset.ts';

/** No firewall and no SELinux between the machines. The tutorials turn both off first of all. */
const judge: Judge = (plan, seen) => {
  const bad = plan.nodes
    .map((node) => ({ node: node.name, ...obstaclesOn(plan, node, seen.of(firewallLook, node.name)) }))
    .filter(({ what }) => what.length > 0);
  const ok = bad.length === 0;
  return [
    {
      title: 'no firewall, no SELinux in the way',
      ok,
      expected: 'firewalld off, SELinux permissive, nothing that drops or rejects in nftables',
      observed: ok
        ? `nothing filters on ${plan.nodes.length} machines`
        : bad.map(({ node, what }) => `${node}: ${shortened(what)}`).join('; '),
      ...(!ok && { hint: bad.map(({ node, cures }) => `${node}: ${cures.join(', ')}`).join('; ') }),
    },
  ];
};

function obstaclesOn(plan: Plan, node: PlannedNode, { firewalld, enforcing, filters }: FirewallSeen) {
  const active = firewalld === 'active';
  // firewalld's own table goes when firewalld does.
  const own = filters.filter((one) => passes(plan, node, one) && !(active && one.table === 'inet firewalld'));
  const tables = [...new Set(own.map(({ table }) => table))];
  const opens = tables.map((table) => `nft delete table ${table}`).join(' and ');
  const off = [...(active ? ['stops firewalld'] : []), ...(enforcing ? ['makes SELinux permissive'] : [])];
  return {
    what: [
      ...(active ? ['firewalld is active'] : []),
      ...(enforcing ? ['SELinux enforces'] : []),
      ...new Set(own.map(({ table, chain, what }) => `table ${table}, chain ${chain}: ${what}`)),
    ],
    cures: [
      ...(off.length > 0 ? [`lab up ${plan.lab} ${off.join(' and ')}`] : []),
      ...(opens
        ? [`lab ssh ${plan.lab} ${node.name} -- nft list ruleset shows it, ${opens} opens it (lab up does not)`]
        : []),
    ],
  };
}

/** Whether packets of the lab come by: those of its family, where they go through, come in and go out. */
function passes(plan: Plan, { role }: PlannedNode, { table, hook }: Filter): boolean {
  const family = table.split(' ')[0] ?? '';
  if (!(plan.family === 6 ? ['ip6', 'inet', 'netdev'] : ['ip', 'inet', 'netdev', 'arp']).includes(family)) return false;
  if (hook === 'forward') return role === 'router' || (role === 'director' && serversBy(plan, 'nat').length > 0);
  // A router is asked by its neighbours only: ARP, or neighbour discovery, which is IPv6 itself.
  if (role === 'router' && ['input', 'output'].includes(hook)) return plan.family === 6 || family === 'arp';
  return true;
}

export const firewall: CheckKind = {
  id: 'firewall',
  about: 'no firewall and no SELinux stands between the nodes',
  faults: [],
  looks: [firewallLook],
  judge,
};

/** The first ones: a firewall may have a hundred rules. */
function shortened(what: readonly string[]): string {
  const most = 3;
  const more = what.length - most;
  return more > 0 ? `${what.slice(0, most).join(', ')}, and ${more} more` : what.join(', ');
}

import { countOf } from '../../count-of.ts';
import { familySees } from '../../firewall/firewall.ts';
import { iptablesRule } from '../../firewall/iptables-rule.ts';
import { nftRules } from '../../firewall/nft-rule.ts';
import { packetsOf } from '../../firewall/packets.ts';
import { matches } from '../../firewall/rule.ts';
import { type Plan, type PlannedNode, serversBy, theNode } from '../../plan/plan.ts';
import { backupTable } from '../backup-table.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { effectLooks, isReached, serves, worksAsAWhole } from '../effect.ts';
import { type Hint, up } from '../hint.ts';
import type { Observations } from '../observations.ts';
import { siteDatabase } from '../site-database/check.ts';
import { siteFiles } from '../site-files/check.ts';
import { sitePhp } from '../site-php/check.ts';
import { syncDaemons } from '../sync-daemons/check.ts';
import { vrrp } from '../vrrp/check.ts';
import { type FirewallSeen, firewallLook } from './look.ts';
import type { Filter } from './nft-ruleset.ts';

const judge: Judge = (plan, seen) => {
  const found = plan.nodes
    .map((node) => ({ ...obstaclesOn(plan, node, seen.of(firewallLook, node.name)), works: works(plan, seen, node) }))
    .filter(({ what }) => what.length > 0);
  const harmless = found.filter((one) => one.works);
  const [first, ...others] = found.filter((one) => !one.works);
  const inWords = (some: readonly Obstacles[]) =>
    some.map(({ node, what }) => `${node}: ${shortened(what)}`).join('; ');
  return [
    {
      title: 'no firewall and no SELinux interferes',
      ok: first === undefined,
      expected: 'firewalld off, SELinux permissive, no rule that drops or rejects packets of the lab',
      observed: first
        ? inWords([first, ...others])
        : `${harmless.length > 0 ? 'nothing is dropped that the lab needs' : 'no filter'} on ${countOf(plan.nodes.length, 'machine')}`,
      ...(harmless.length > 0 && { warning: `${inWords(harmless)}; requests and answers get through` }),
      ...(first && { hint: hintOf(plan, first) }),
    },
  ];
};

interface Obstacles {
  node: string;
  /** What was seen, for people. */
  what: string[];
  /** What drops or rejects. */
  filters: Filter[];
}

function obstaclesOn(plan: Plan, node: PlannedNode, seen: FirewallSeen): Obstacles {
  const active = seen.firewalld === 'active';
  // Stopping firewalld removes its table.
  const own = seen.filters.filter(({ table }) => !(active && table === 'inet firewalld'));
  const old = seen.legacy.flatMap(({ filters = [] }) => filters);
  const filters = [...old, ...own].filter((one) => passes(plan, node, one) && concerns(plan, node, one));
  const hidden = seen.legacy.filter((one) => one.filters === undefined);
  return {
    node: node.name,
    what: [
      ...(active ? ['firewalld is active'] : []),
      ...(seen.enforcing ? ['SELinux enforces'] : []),
      ...new Set(filters.map(inWords)),
      ...hidden.map(({ family, tables }) => `${family}tables-legacy has tables that nothing here can read: ${tables}`),
    ],
    filters,
  };
}

function inWords({ table, chain, what, remove }: Filter): string {
  if (remove === undefined) return `table ${table}, chain ${chain}: ${what}`;
  const [family, name] = table.split(' ');
  return `${family}tables-legacy, table ${name}: ${what === 'policy drop' ? `${chain}: ${what}` : what}`;
}

/** Whether a node does its part all the same, as far as verify can see. */
function works(plan: Plan, seen: Observations, { name, role }: PlannedNode): boolean {
  const pass = (kinds: readonly CheckKind[]) => kinds.every((kind) => kind.judge(plan, seen).every(({ ok }) => ok));
  const site = pass([siteFiles, sitePhp, siteDatabase]);
  if (role === 'site-server') return site;
  if (role === 'real-server') return site && serves(plan, seen, name) && isReached(plan, seen, name);
  if (role !== 'director') return worksAsAWhole(plan, seen);
  const directors = pass([vrrp, syncDaemons, backupTable]);
  return directors && (name !== theNode(plan, 'director').name || (worksAsAWhole(plan, seen) && isReached(plan, seen)));
}

function hintOf(plan: Plan, { node, what, filters }: Obstacles): Hint {
  const [first] = filters;
  if (!first) return { cause: `${what.join(' and ')} on ${node}`, commands: [up(plan)], see: [] };
  const { table, remove } = first;
  if (remove) {
    const cause = `${node} has a rule of ${table.split(' ')[0]}tables-legacy that is not the lab’s`;
    return { cause, commands: [{ on: node, run: remove }], see: [] };
  }
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

/**
 * Whether a rule can match a packet that the lab needs. What it says of devices, connections and lengths is not known here, and may
 * be so.
 */
function concerns(plan: Plan, { name }: PlannedNode, { table, hook, what, remove }: Filter): boolean {
  if (what === 'policy drop') return true;
  const rules = remove === undefined ? nftRules(what) : [iptablesRule(what)];
  const ending = rules.filter(({ verdict }) => !['accept', 'return', 'continue'].includes(verdict.kind));
  return packetsOf(plan).some(
    (packet) =>
      packet.node === name &&
      familySees(table.split(' ')[0] ?? '', packet) &&
      packet.hooks.some((one) => one === hook) &&
      ending.some((rule) => matches(rule, packet) !== 'no'),
  );
}

export const firewall: CheckKind = {
  id: 'firewall',
  about: 'no firewall and no SELinux interferes on any node',
  faults: ['firewall-ssh-only', 'firewall-forward-drop'],
  looks: [
    firewallLook,
    ...effectLooks,
    ...[siteFiles, sitePhp, siteDatabase, vrrp, syncDaemons, backupTable].flatMap(({ looks }) => looks),
  ],
  judge,
};

/** The first three: a firewall may have a hundred rules. */
function shortened(what: readonly string[]): string {
  const most = 3;
  const more = what.length - most;
  return more > 0 ? `${what.slice(0, most).join(', ')}, and ${more} more` : what.join(', ');
}

import { own } from '../own.ts';
import type { Facts } from '../state/section.ts';
import { iptablesRule } from './iptables-rule.ts';
import { nftRules } from './nft-rule.ts';
import type { Answer, Hook, Packet } from './packet.ts';
import { matches, type Rule } from './rule.ts';

/** The firewalls of a node, as its state has them. */
export interface Firewall {
  chains: ReadonlyMap<string, Chain>;
}

interface Chain {
  /** `ip`, `ip6`, `inet`, `arp`, `netdev`. */
  family: string;
  /** The chains of its table begin so. */
  table: string;
  /** Where the kernel calls it; undefined for a chain that others jump to. */
  hook: Hook | undefined;
  type: string;
  priority: number;
  policyDrops: boolean;
  /** The fact that its policy is. */
  key: Key;
  rules: { rules: readonly Rule[]; key: Key }[];
}

/** A fact, by section and key. */
export interface Key {
  section: string;
  key: string;
}

/** Reads the firewalls of a node: nftables, and those of iptables-legacy. */
export function firewallOf(facts: Facts): Firewall {
  const chains = new Map([
    ...nftChains(facts),
    ...legacyChains(facts, 'iptables'),
    ...legacyChains(facts, 'ip6tables'),
  ]);
  return { chains };
}

function nftChains(facts: Facts): [string, Chain][] {
  const dormant = (table: string) => /\bdormant\b/.test(facts.of('nft', `table ${table}`) ?? '');
  return facts.below('nft', 'chain ').flatMap(({ key, value }): [string, Chain][] => {
    const [family = '', name = '', chain = ''] = key.split(' ').slice(1);
    const table = `${family} ${name}`;
    if (dormant(table)) return [];
    const [, type = '', hook, priority = ''] =
      /^type (\w+) hook (\w+) (?:device\S* .*?)?priority ([^;]+);/.exec(value) ?? [];
    const rules = (facts.of('nft', `rules ${table} ${chain}`) ?? '').split('\n').filter(Boolean);
    const own: Chain = {
      ...{ family, table: `nft ${table}`, hook: hook as Hook | undefined, type, priority: priorityOf(priority) },
      policyDrops: /\bpolicy drop;/.test(value),
      key: { section: 'nft', key },
      rules: rules.map((rule) => ({
        rules: nftRules(rule),
        key: { section: 'nft', key: `rule ${table} ${chain}: ${rule}` },
      })),
    };
    return [[`nft ${table} ${chain}`, own]];
  });
}

const priorities: Record<string, number> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};

/** `filter`, `-140`, `mangle + 10` */
function priorityOf(text: string): number {
  const [, name = '', sign = '+', more = '0'] = /^([a-z]*)\s*([+-]?)\s*(\d*)$/.exec(text.trim()) ?? [];
  const offset = Number(more) * (sign === '-' ? -1 : 1);
  return (own(priorities, name) ?? 0) + offset;
}

function legacyChains(facts: Facts, section: 'iptables' | 'ip6tables'): [string, Chain][] {
  const names = new Map<string, string[]>();
  for (const { key, value } of facts.below(section, '')) {
    const [, table = '', word = '', chain = ''] = /^(\S+) (chain|rules) (\S+)$/.exec(key) ?? [];
    if (chain)
      names.set(`${table} ${chain}`, word === 'rules' ? value.split('\n') : (names.get(`${table} ${chain}`) ?? []));
  }
  return [...names].map(([name, lines]) => {
    const [table = '', chain = ''] = name.split(' ');
    const built = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'].includes(chain);
    const key = `${table} chain ${chain}`;
    return [
      `${section} ${table} ${chain}`,
      {
        ...{ family: section === 'iptables' ? 'ip' : 'ip6', table: `${section} ${table}`, type: table },
        hook: built ? (chain.toLowerCase() as Hook) : undefined,
        priority: own(priorities, table) ?? 0,
        policyDrops: facts.of(section, key) === 'DROP',
        key: { section, key },
        rules: lines.map((line) => ({ rules: [iptablesRule(line)], key: { section, key: `${table} ${line}` } })),
      },
    ];
  });
}

/** What a firewall does with a packet that it ends. */
export interface Ending {
  verdict: 'drop' | 'reject';
  /** The rule or the policy that does it. */
  by: Key;
  hook: Hook;
}

/** Which rule or policy is sure to end a packet in one of its hooks; undefined where none is. */
export function endingOf({ chains }: Firewall, packet: Packet): Ending | undefined {
  for (const [, chain] of chains) {
    const { hook } = chain;
    if (!hook || !packet.hooks.includes(hook) || !seesFamily(chain, packet)) continue;
    const end = within(chains, chain, packet, 0);
    if (end?.kind === 'ends') return { verdict: end.verdict, by: end.by, hook };
    if (end === undefined && chain.policyDrops) return { verdict: 'drop', by: chain.key, hook };
  }
  return undefined;
}

/** Families of tables see packets of theirs. */
export function familySees(family: string, packet: Pick<Packet, 'family'>): boolean {
  if (packet.family === 'arp') return family === 'arp' || family === 'netdev';
  return [packet.family === 6 ? 'ip6' : 'ip', 'inet', 'netdev'].includes(family);
}

function seesFamily({ family }: Chain, packet: Packet): boolean {
  return familySees(family, packet);
}

type End = { kind: 'ends'; verdict: 'drop' | 'reject'; by: Key } | { kind: 'passes' } | { kind: 'unknown' };

/** Jumps that the kernel allows (NFT_JUMP_STACK_SIZE in net/netfilter/nf_tables.h). */
const deepest = 16;

/** How a packet leaves a chain; undefined at its end, where the policy counts, or the chain that jumped. */
function within(chains: Firewall['chains'], chain: Chain, packet: Packet, depth: number): End | undefined {
  if (depth > deepest) return { kind: 'unknown' };
  for (const { rules, key } of chain.rules) {
    for (const rule of rules) {
      const found = byRule(chains, chain, rule, packet, depth);
      if (found === 'returns') return undefined;
      if (found === 'drop' || found === 'reject') return { kind: 'ends', verdict: found, by: key };
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function byRule(
  chains: Firewall['chains'],
  chain: Chain,
  rule: Rule,
  packet: Packet,
  depth: number,
): End | 'drop' | 'reject' | 'returns' | undefined {
  const answer: Answer = matches(rule, packet);
  const { verdict } = rule;
  if (answer === 'no' || verdict.kind === 'continue') return undefined;
  if (answer === 'maybe') {
    // It may end some packets: of those that go on the rest of the chain decides, but not of all.
    return verdict.kind === 'drop' || verdict.kind === 'reject' ? undefined : { kind: 'unknown' };
  }
  switch (verdict.kind) {
    case 'accept':
      return { kind: 'passes' };
    case 'return':
      return 'returns';
    case 'drop':
    case 'reject':
      return verdict.kind;
    case 'unknown':
      return { kind: 'unknown' };
  }
  const target = chains.get(`${chain.table} ${verdict.chain}`);
  const end = target ? within(chains, target, packet, depth + 1) : ({ kind: 'unknown' } as const);
  return end === undefined && verdict.kind === 'goto' ? 'returns' : end;
}

/** A rule in a base chain of nftables. */
export interface RuleAt {
  rule: Rule;
  /** The key of its fact. */
  key: string;
  hook: Hook;
  priority: number;
}

/** The rules of nftables that packets meet first in one of these hooks. */
export function rulesAt(facts: Facts, hooks: readonly Hook[]): RuleAt[] {
  return [...firewallOf(facts).chains.values()].flatMap(({ hook, key, priority, rules }) => {
    if (!hook || !hooks.includes(hook) || key.section !== 'nft') return [];
    return rules.flatMap((one) => one.rules.map((rule) => ({ rule, key: one.key.key, hook, priority })));
  });
}

import { headsOf, type NftPart, nftTables, rulesOf } from '../../firewall/nft-ruleset.ts';
import type { StateEntry } from '../state.ts';

/**
 * What `nft --stateless list ruleset` prints. Tables, chains, rules and sets are facts of their own: `table inet lab`,
 * `chain inet lab input`, `rule inet lab input: tcp dport 80 drop`. `rules inet lab input` has all of a chain, because their
 * order counts.
 */
export function nftFacts(text: string): StateEntry[] {
  return nftTables(text).flatMap(({ name, own, parts }) => [
    fact(`table ${name}`, own.join('; ')),
    ...parts.flatMap((part) => (part.kind === 'chain' ? chainFacts(name, part) : [setFact(name, part)])),
  ]);
}

function fact(key: string, value: string): StateEntry {
  return { section: 'nft', key, value };
}

function setFact(table: string, { kind, name, body }: NftPart): StateEntry {
  return fact(`${kind} ${table} ${name}`, body.join('; '));
}

function chainFacts(table: string, chain: NftPart): StateEntry[] {
  const { name } = chain;
  const rules = rulesOf(chain);
  const times = new Map<string, number>();
  for (const rule of rules) times.set(rule, (times.get(rule) ?? 0) + 1);
  return [
    fact(`chain ${table} ${name}`, headsOf(chain).join(' ')),
    ...[...times].map(([rule, count]) => fact(`rule ${table} ${name}: ${rule}`, count > 1 ? `${count} times` : '')),
    fact(`rules ${table} ${name}`, rules.join('\n')),
  ];
}

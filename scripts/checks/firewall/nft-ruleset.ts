import { headsOf, type NftPart, type NftTable, nftTables, rulesOf } from '../../firewall/nft-ruleset.ts';

/** A place where nftables drops or rejects: in a base chain, or in a chain that it jumps to. */
export interface Filter {
  /** Family and name, as nft takes them: `inet filter`. */
  table: string;
  chain: string;
  /** The base chain's: `input`, `forward`, `ingress`, … */
  hook: string;
  /** `policy drop`, or the rule as nft lists it. */
  what: string;
  /** The command that removes a rule of iptables-legacy. */
  remove?: string;
}

/** Reads what `nft list ruleset` prints. The lab's own tables, `lvs_lab…`, are left out. */
export function filtersIn(text: string): Filter[] {
  const tables = tablesIn(text).filter(({ name }) => !/^\w+ lvs_lab/.test(name));
  return tables.flatMap((table) =>
    chainsOf(table).flatMap((base) => {
      const [, hook] = /hook (\w+) /.exec(headOf(base)) ?? [];
      if (!hook) return [];
      return reachable(table, base).flatMap((chain) => {
        const bad = [
          ...(policyDrops(chain) ? ['policy drop'] : []),
          ...rulesOf(chain).filter((rule) => filters(table, rule)),
        ];
        return bad.map((what) => ({ table: table.name, chain: chain.name, hook, what }));
      });
    }),
  );
}

/** Whether tables of the family arp have any rule. */
export function hasArpRules(text: string): boolean {
  const chains = tablesIn(text)
    .filter(({ name }) => name.startsWith('arp '))
    .flatMap(chainsOf);
  return chains.some((chain) => policyDrops(chain) || rulesOf(chain).length > 0);
}

/** A verdict that is not part of a name (`jump log-drop`, `@drop`). */
const verdict = /(?<![\w./@-])(drop|reject)(?![\w./-])/;

/** nft prints `xt target` for a target of iptables that it cannot express. */
function filters(table: NftTable, rule: string): boolean {
  return verdict.test(inFull(table, rule)) || /xt target "(DROP|REJECT)"/.test(rule);
}

/** A chain, and the chains that packets reach from it by jump or goto. */
function reachable(table: NftTable, base: NftPart): NftPart[] {
  const found = new Set([base]);
  for (const chain of found) {
    const targets = rulesOf(chain).flatMap((rule) => [...inFull(table, rule).matchAll(/\b(?:jump|goto) ([^\s,}]+)/g)]);
    const names = targets.map(([, target]) => target);
    for (const other of chainsOf(table)) if (names.includes(other.name)) found.add(other);
  }
  return [...found];
}

/** A rule without its quoted texts, and with the contents of the map that it uses. */
function inFull({ parts }: NftTable, rule: string): string {
  const [, name = ''] = /\bvmap @(\S+)/.exec(rule) ?? [];
  const map = parts.find((part) => part.kind === 'map' && part.name === name);
  return unquoted([rule, ...(map?.body ?? [])].join(' '));
}

/** The tables that the kernel uses: a dormant one is switched off. */
function tablesIn(text: string): NftTable[] {
  return nftTables(text).filter(({ own }) => !own.some((line) => /^flags .*\bdormant\b/.test(line)));
}

function chainsOf({ parts }: NftTable): NftPart[] {
  return parts.filter(({ kind }) => kind === 'chain');
}

/** The head of a base chain: `type filter hook input priority filter; policy drop;`. Others jump to a chain without one. */
function headOf(chain: NftPart): string {
  return headsOf(chain).find((line) => line.startsWith('type ')) ?? '';
}

function policyDrops(chain: NftPart): boolean {
  return /\bpolicy drop;/.test(headOf(chain));
}

function unquoted(text: string): string {
  return text.replace(/"[^"]*"/g, '""');
}

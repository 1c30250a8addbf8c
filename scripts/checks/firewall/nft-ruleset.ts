/** Where nftables drops or rejects: in a base chain, or in one that it jumps to. */
export interface Filter {
  /** As nft wants it: `inet filter`. */
  table: string;
  chain: string;
  /** The base chain's: `input`, `forward`, `ingress`, … */
  hook: string;
  /** `policy drop`, or the rule as nft lists it. */
  what: string;
}

interface Table {
  name: string;
  /** Switched off: its chains are not hooked in. */
  dormant: boolean;
  chains: Map<string, Chain>;
  /** Maps that rules look verdicts up in. */
  maps: Map<string, string>;
}

interface Chain {
  /** Undefined for one that is only jumped to. */
  hook: string | undefined;
  policyDrops: boolean;
  rules: string[];
}

/** What `nft list ruleset` prints → all that drops or rejects, but in the lab's own tables, `lvs_lab…`. */
export function filtersIn(text: string): Filter[] {
  const tables = tablesIn(text).filter(({ name, dormant }) => !dormant && !/^\w+ lvs_lab/.test(name));
  return tables.flatMap((table) =>
    [...table.chains].flatMap(([base, { hook }]) => {
      if (!hook) return [];
      return reachable(table, base).flatMap((chain) => {
        const { policyDrops = false, rules = [] } = table.chains.get(chain) ?? {};
        const bad = [...(policyDrops ? ['policy drop'] : []), ...rules.filter((rule) => filters(table, rule))];
        return bad.map((what) => ({ table: table.name, chain, hook, what }));
      });
    }),
  );
}

/** A word of nft's own: neither in quotes nor part of a name (`jump log-drop`, `@drop`). */
const verdict = /(?<![\w./@-])(drop|reject)(?![\w./-])/;

/** xt: what iptables-nft has and nft cannot say. */
function filters(table: Table, rule: string): boolean {
  return verdict.test(inFull(table, rule)) || /xt target "(DROP|REJECT)"/.test(rule);
}

/** A chain and those that packets get to from it, by jump or goto. */
function reachable(table: Table, base: string): string[] {
  const found = new Set([base]);
  for (const name of found) {
    for (const rule of table.chains.get(name)?.rules ?? []) {
      for (const [, target = ''] of inFull(table, rule).matchAll(/\b(?:jump|goto) ([^\s,}]+)/g)) found.add(target);
    }
  }
  return [...found];
}

/** A rule without what people say in quotes, and with the map that it looks up. */
function inFull({ maps }: Table, rule: string): string {
  const [, map = ''] = /\bvmap @(\S+)/.exec(rule) ?? [];
  return unquoted(`${rule} ${maps.get(map) ?? ''}`);
}

function tablesIn(text: string): Table[] {
  const tables: Table[] = [];
  let chain: Chain | undefined;
  for (const statement of statements(text)) {
    const [, kind, name = ''] = /^(table|chain|map) ([^{]+) \{/.exec(statement) ?? [];
    const table = tables.at(-1);
    if (kind === 'table') tables.push({ name, dormant: false, chains: new Map(), maps: new Map() });
    else if (kind === 'chain') {
      chain = { hook: undefined, policyDrops: false, rules: [] };
      table?.chains.set(name, chain);
    } else if (kind === 'map') table?.maps.set(name, statement);
    else if (statement === '}') chain = undefined;
    else if (chain) read(chain, statement);
    else if (/^flags .*\bdormant\b/.test(statement)) Object.assign(table ?? {}, { dormant: true });
  }
  return tables;
}

function read(chain: Chain, statement: string): void {
  const [, hook] = /^type \w+ hook (\w+) /.exec(statement) ?? [];
  if (!hook) chain.rules.push(statement);
  else Object.assign(chain, { hook, policyDrops: /\bpolicy drop;/.test(statement) });
}

/** Lines, those joined that a set or a map is spread over. What opens a table or a chain stands by itself. */
function statements(text: string): string[] {
  const found: string[] = [];
  let begun = '';
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const statement = begun ? `${begun} ${line}` : line;
    const bare = unquoted(statement);
    const whole = bare.split('{').length <= bare.split('}').length;
    if (whole || /^(table|chain) /.test(statement)) {
      found.push(statement);
      begun = '';
    } else begun = statement;
  }
  return found;
}

function unquoted(text: string): string {
  return text.replace(/"[^"]*"/g, '""');
}

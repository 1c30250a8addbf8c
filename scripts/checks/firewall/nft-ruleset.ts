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

interface Table {
  name: string;
  /** The table is switched off: the kernel does not use its chains. */
  dormant: boolean;
  chains: Map<string, Chain>;
  /** Named maps, from which rules take verdicts. */
  maps: Map<string, string>;
}

interface Chain {
  /** Undefined for a chain that others jump to. */
  hook: string | undefined;
  policyDrops: boolean;
  rules: string[];
}

/** Reads what `nft list ruleset` prints. The lab's own tables, `lvs_lab…`, are left out. */
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

/** Whether tables of the family arp have any rule. */
export function hasArpRules(text: string): boolean {
  const arp = tablesIn(text).filter(({ name, dormant }) => !dormant && name.startsWith('arp '));
  return arp.some(({ chains }) =>
    [...chains.values()].some(({ rules, policyDrops }) => policyDrops || rules.length > 0),
  );
}

/** A verdict that is not part of a name (`jump log-drop`, `@drop`). */
const verdict = /(?<![\w./@-])(drop|reject)(?![\w./-])/;

/** nft prints `xt target` for a target of iptables that it cannot express. */
function filters(table: Table, rule: string): boolean {
  return verdict.test(inFull(table, rule)) || /xt target "(DROP|REJECT)"/.test(rule);
}

/** A chain, and the chains that packets reach from it by jump or goto. */
function reachable(table: Table, base: string): string[] {
  const found = new Set([base]);
  for (const name of found) {
    for (const rule of table.chains.get(name)?.rules ?? []) {
      for (const [, target = ''] of inFull(table, rule).matchAll(/\b(?:jump|goto) ([^\s,}]+)/g)) found.add(target);
    }
  }
  return [...found];
}

/** A rule without its quoted texts, and with the contents of the map that it uses. */
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

/** Statements, each in one line: a set or a map may have several. The line that opens a table or a chain is one statement. */
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

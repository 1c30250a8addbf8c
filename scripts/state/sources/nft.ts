import type { StateEntry } from '../state.ts';

/**
 * What `nft --stateless list ruleset` prints. Tables, chains, rules and sets are facts of their own: `table inet lab`,
 * `chain inet lab input`, `rule inet lab input: tcp dport 80 drop`. `rules inet lab input` has all of a chain, because their
 * order counts.
 */
export function nftFacts(text: string): StateEntry[] {
  return tables(text).flatMap(({ name, own, parts }) => [
    fact(`table ${name}`, own.join('; ')),
    ...parts.flatMap((part) => (part.kind === 'chain' ? chainFacts(name, part) : [setFact(name, part)])),
  ]);
}

interface Part {
  /** `chain`, `set`, `map`, `flowtable`, … */
  kind: string;
  name: string;
  /** Each line, or each statement over several lines. */
  body: string[];
}

interface Table {
  name: string;
  /** Flags and comments. */
  own: string[];
  parts: Part[];
}

function fact(key: string, value: string): StateEntry {
  return { section: 'nft', key, value };
}

function setFact(table: string, { kind, name, body }: Part): StateEntry {
  return fact(`${kind} ${table} ${name}`, body.join('; '));
}

/** The head of a base chain is `type … hook …; policy …;`. */
function chainFacts(table: string, { name, body }: Part): StateEntry[] {
  const isHead = (line: string) => /^(type \w+ hook |comment )/.test(line);
  const rules = body.filter((line) => !isHead(line));
  const times = new Map<string, number>();
  for (const rule of rules) times.set(rule, (times.get(rule) ?? 0) + 1);
  return [
    fact(`chain ${table} ${name}`, body.filter(isHead).join(' ')),
    ...[...times].map(([rule, count]) => fact(`rule ${table} ${name}: ${rule}`, count > 1 ? `${count} times` : '')),
    fact(`rules ${table} ${name}`, rules.join('\n')),
  ];
}

function tables(text: string): Table[] {
  const found: Table[] = [];
  let part: Part | undefined;
  for (const line of statements(text)) {
    const [, name] = /^table (.+) \{$/.exec(line) ?? [];
    const [, kind = '', own = ''] = /^(\w+(?: \w+)?) (\S+) \{$/.exec(line) ?? [];
    const table = found.at(-1);
    if (name) found.push({ name, own: [], parts: [] });
    else if (line === '}') part = undefined;
    else if (part) part.body.push(line);
    else if (kind) {
      part = { kind, name: own, body: [] };
      table?.parts.push(part);
    } else table?.own.push(line);
  }
  return found;
}

/** Statements, each in one line: the elements of a set may take several. */
function statements(text: string): string[] {
  const found: string[] = [];
  let begun = '';
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const statement = begun ? `${begun} ${line}` : line;
    const bare = statement.replace(/"[^"]*"/g, '');
    const open = bare.split('{').length - bare.split('}').length;
    const opens = /^(table|chain|set|map|flowtable|counter|quota|limit|secmark|synproxy|ct \w+) [^{]+ \{$/.test(
      statement,
    );
    if (open <= 0 || opens) {
      found.push(statement);
      begun = '';
    } else begun = statement;
  }
  return found;
}

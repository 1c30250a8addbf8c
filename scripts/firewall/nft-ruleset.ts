/** What a table holds. */
export interface NftPart {
  /** `chain`, `set`, `map`, `flowtable`, … */
  kind: string;
  name: string;
  /** Each line, or each statement over several lines. */
  body: string[];
}

export interface NftTable {
  /** Family and name, as nft takes them: `inet filter`. */
  name: string;
  /** Flags and comments. */
  own: string[];
  parts: NftPart[];
}

/** Reads what `nft list ruleset` prints. */
export function nftTables(text: string): NftTable[] {
  const found: NftTable[] = [];
  let part: NftPart | undefined;
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

/** What a chain says of itself. The head of a base chain is `type … hook …; policy …;`. */
export function headsOf({ body }: NftPart): string[] {
  return body.filter(isHead);
}

/** The rules of a chain. */
export function rulesOf({ body }: NftPart): string[] {
  return body.filter((line) => !isHead(line));
}

function isHead(line: string): boolean {
  return /^(type \w+ hook |comment )/.test(line);
}

/** Statements, each in one line: the elements of a set may take several. */
function statements(text: string): string[] {
  const found: string[] = [];
  let begun = '';
  // nft names the owner of a table behind its brace: `table inet firewalld { # progname firewalld`.
  for (const line of text.split('\n').map((one) => one.trim().replace(/\{ # .*$/, '{'))) {
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

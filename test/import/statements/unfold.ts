/** A line as keepalived sees it, and the lines of the file that it comes from. */
export interface Unfolded {
  text: string;
  lines: number[];
}

interface Definition {
  value: Unfolded[];
  several: boolean;
  /** The line that sets it; 0 for the variable of a sequence. */
  line: number;
}

export interface Unfolding {
  lines: Unfolded[];
  /** Lines that only define something, or that belong to another configuration. */
  passed: { line: number; text: string; used: boolean }[];
}

/** A second reading of what keepalived's read_line does, for the comparison alone: it shares no code with import. */
export function unfold(text: string, id: string | undefined): Unfolding {
  const raw = text.split('\n').map((one) => one.replace(/\r+$/, ''));
  const definitions = new Map<string, Definition>(
    [
      ['_HASH', '#'],
      ['_BANG', '!'],
    ].map(([name = '', text = '']) => [name, { value: [{ text, lines: [] }], several: false, line: 0 }]),
  );
  const result: Unfolding = { lines: [], passed: [] };
  const pass = (line: number, words: string, used: boolean) => result.passed.push({ line, text: words, used });

  // keepalived's own definitions: the comparison takes the same number for a random one.
  const fixed = (line: string) =>
    line
      .replace(/\$\{(_PWD|_INSTANCE|_ENV[ \t]+\w+)\}/g, '$$$1')
      .replace(/\$\{_RANDOM[ \t]*(\d*)[ \t]*\d*\}/g, (_, least) => least || '0');

  function go({ text: line, lines }: Unfolded, depth: number): void {
    const ours = conditioned(fixed(line), id);
    if (ours === undefined) pass(lines.at(-1) ?? 0, line, false);
    if (!ours || depth > 40) return;
    const [, name, value = ''] = /^\$([A-Za-z_]\w*)=[ \t]*(.*)$/.exec(ours) ?? [];
    if (name) {
      definitions.set(name, { value: [{ text: value, lines }], several: false, line: lines[0] ?? 0 });
      pass(lines[0] ?? 0, ours, true);
    } else if (/^~(SEQ|LST)/.test(ours)) repeat(ours, lines, depth);
    else put(ours, lines, depth);
  }

  function put(line: string, lines: number[], depth: number): void {
    const found = [...line.matchAll(/\$(?:\{(\w+)\}|(\w+)(?![^ \t,)]))/g)].find((match) => {
      const known = definitions.get(match[1] ?? match[2] ?? '');
      return known && (!known.several || match.index + match[0].length === line.length);
    });
    const known = found && definitions.get(found[1] ?? found[2] ?? '');
    if (!found || !known) {
      result.lines.push({ text: line, lines });
      return;
    }
    for (const one of result.passed) if (one.line === known.line) one.used = true;
    const [first, ...rest] = known.value;
    const before = line.slice(0, found.index);
    const after = line.slice(found.index + found[0].length);
    go({ text: cut(`${before}${first?.text ?? ''}${after}`), lines: [...lines, ...(first?.lines ?? [])] }, depth + 1);
    for (const one of rest) go({ text: one.text, lines: [...lines, ...one.lines] }, depth + 1);
  }

  function repeat(line: string, lines: number[], depth: number): void {
    const inside = line.replace(/\$\{(\w+)\}|\$(\w+)(?=[ \t,)])/g, (whole, a, b) => {
      const known = definitions.get(a ?? b);
      if (!known || known.several || !line.slice(0, line.indexOf(')')).includes(whole)) return whole;
      for (const one of result.passed) if (one.line === known.line) one.used = true;
      return known.value[0]?.text ?? whole;
    });
    const [, , rest = ''] = /^(~\w+[ \t]*\((?:\{[^}]*\}|[^)])*\))[ \t]*(.*)$/.exec(line) ?? [];
    for (const values of valuesOf(inside)) {
      for (const [name, value] of values)
        definitions.set(name, { value: [{ text: value, lines: [] }], several: false, line: 0 });
      go({ text: rest, lines }, depth + 1);
    }
  }

  for (let at = 0; at < raw.length; at++) {
    const line = cut(raw[at] ?? '');
    if (line === '') continue;
    const [, name, value = ''] = /^\$([A-Za-z_]\w*)=[ \t]*(.*\\)$/.exec(conditioned(line, id) ?? '') ?? [];
    if (!name) {
      go({ text: line, lines: [at + 1] }, 0);
      continue;
    }
    const body: Unfolded[] = [{ text: bare(value), lines: [at + 1] }];
    pass(at + 1, line, false);
    while (at + 1 < raw.length && raw[at + 1] !== '') {
      const next = cut(raw[++at] ?? '');
      if (next === '') continue;
      body.push({ text: bare(next), lines: [at + 1] });
      if (!next.endsWith('\\')) break;
    }
    definitions.set(name, {
      value: body.filter((one) => one.text !== ''),
      several: true,
      line: body[0]?.lines[0] ?? 0,
    });
  }
  return result;
}

function bare(text: string): string {
  return text.replace(/[ \t]*\\$/, '');
}

/** A line without its comment, by pieces: what is in quotes, what is escaped, what is plain. */
export function cut(raw: string): string {
  const pieces = raw.trimStart().match(/"(?:\\.|[^"\\])*"?|\\.|[^"#!\\]+|[#!\\]/gs) ?? [];
  const end = pieces.findIndex((one) => one === '#' || one === '!');
  const kept = end < 0 ? pieces : pieces.slice(0, end);
  const text = kept.map((one) => one.replace(/^\\([#!])$/, '$1')).join('');
  return text.endsWith('\\') ? `${text.slice(0, -1).trimEnd()}\\` : text.trimEnd();
}

/** A line without its condition; undefined for one of another configuration. */
function conditioned(line: string, id: string | undefined): string | undefined {
  const [, not, name, rest = ''] = /^@(\^?)(\S+)[ \t]*(.*)$/.exec(line) ?? [];
  if (name === undefined) return line;
  return (name === id) !== (not === '^') ? conditioned(rest, id) : undefined;
}

function valuesOf(line: string): [string, string][][] {
  const list = /^~LST[ \t]*\((.*)\)/.exec(line)?.[1];
  if (list !== undefined) {
    const rows = [...list.matchAll(/\{([^}]*)\}|([^,{}]+)/g)].map(([, many, one = '']) => {
      return many === undefined ? [one.trim()] : many.split(',').map((value) => value.trim());
    });
    const [names = [], ...values] = rows;
    return values.map((row) => names.map((name, at) => [name, row[at] ?? '']));
  }
  const [name = '', ...numbers] = (/^~SEQx?[ \t]*\(([^)]*)\)/.exec(line)?.[1] ?? '')
    .split(',')
    .map((one) => one.trim());
  const hex = line.startsWith('~SEQx');
  const [a = 1, b, c] = numbers.map((one) => Number(/^0[0-7]+$/.test(one) ? `0o${one}` : one));
  const [from, step, to] =
    c !== undefined && b !== undefined ? [a, b, c] : b === undefined ? [1, 1, a] : [a, a <= b ? 1 : -1, b];
  const count = Math.floor((to - from) / step) + 1;
  return Array.from({ length: Math.min(count, 5000) }, (_, at) => {
    const value = from + at * step;
    return [[name, hex ? value.toString(16) : String(value)]];
  });
}

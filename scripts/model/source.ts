import { type Document, isAlias, isMap, isNode, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { Problem } from '../errors.ts';

export type Path = readonly PropertyKey[];

/** A lab file's text, and the line of everything in it. */
export interface Source {
  value: unknown;
  /** Problems of YAML itself. */
  problems: Problem[];
  /** Line of the value at a path, or of what holds the place where it is missing. */
  lineOf(path: Path): number;
  /** Line of a key. */
  lineOfKey(path: Path, key: string): number;
}

/** One mistake of YAML makes many. */
const most = 20;

export function readSource(text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: true,
    uniqueKeys: false,
    logLevel: 'error',
  });
  const problems: Problem[] = document.errors.slice(0, most).map((error) => ({
    line: error.linePos?.[0].line ?? 1,
    path: '',
    what: error.code === 'MULTIPLE_DOCS' ? 'a second document begins: one lab a file' : wordsOf(error.message),
  }));
  const lineAt = (node: Node) => (node.range ? lines.linePos(node.range[0]).line : 1);
  const lineOf = (path: Path) => {
    for (let length = path.length; length >= 0; length--) {
      const node = nodeAt(document, path.slice(0, length));
      if (node?.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  const lineOfKey = (path: Path, key: string) => {
    const map = nodeAt(document, path);
    const pair = isMap(map)
      ? map.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
      : undefined;
    const range = pair && isScalar(pair.key) ? pair.key.range : undefined;
    return range ? lines.linePos(range[0]).line : lineOf(path);
  };
  return { value: plainValue(document, problems, lineAt), problems, lineOf, lineOfKey };
}

/** What the parser says, without what is said elsewhere: the place, and how it was programmed. */
function wordsOf(message: string): string {
  const [first = ''] = message.split('\n');
  return /call stack/.test(first) ? 'nested too deeply' : first.replace(/ at line \d+, column \d+:?$/, '');
}

/** What YAML allows, or finds too late or slowly: a key that is there twice, and a value that holds itself. */
function misuses(document: Document.Parsed, lineAt: (node: Node) => number): Problem[] {
  const problems: Problem[] = [];
  const anchored = new Map<string, Node>();
  const note = (_: unknown, node: Node) => {
    if (!isAlias(node) && node.anchor) anchored.set(node.anchor, node);
  };
  visit(document, {
    Scalar: note,
    Seq: note,
    Map: (_, map) => {
      note(_, map);
      const { items } = map;
      const known = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key)) {
          problems.push({ line: lineAt(isNode(key) ? key : map), path: '', what: 'a key that is not a word' });
          continue;
        }
        const word = String(key.value);
        if (known.has(word)) problems.push({ line: lineAt(key), path: word, what: 'is there twice' });
        known.add(word);
      }
    },
    Alias: (_, alias, parents) => {
      const node = anchored.get(alias.source);
      if (!node) problems.push({ line: lineAt(alias), path: '', what: `nothing is called &${alias.source}` });
      else if (parents.includes(node)) {
        problems.push({ line: lineAt(alias), path: '', what: `*${alias.source} is within what it stands for` });
      }
    },
  });
  return problems;
}

function nodeAt(document: Document.Parsed, path: Path): Node | undefined {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node : undefined;
}

function plainValue(document: Document.Parsed, problems: Problem[], lineAt: (node: Node) => number): unknown {
  if (problems.length > 0) return undefined;
  try {
    problems.push(...misuses(document, lineAt).slice(0, most));
    return problems.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    problems.push({ line: 1, path: '', what: wordsOf((error as Error).message) });
    return undefined;
  }
}

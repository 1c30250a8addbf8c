import { type Document, isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
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

export function readSource(text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  const problems: Problem[] = document.errors.map((error) => ({
    line: error.linePos?.[0].line ?? 1,
    path: '',
    what: error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? 'not YAML',
  }));
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
  return { value: plainValue(document, problems), problems, lineOf, lineOfKey };
}

function nodeAt(document: Document.Parsed, path: Path): Node | undefined {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node : undefined;
}

function plainValue(document: Document.Parsed, problems: Problem[]): unknown {
  if (problems.length > 0) return undefined;
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    problems.push({ line: 1, path: '', what: (error as Error).message });
    return undefined;
  }
}

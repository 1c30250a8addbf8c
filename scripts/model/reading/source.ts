import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import type { Problem } from '../../errors.ts';
import { labKeys } from './known-keys.ts';
import { yamlMistakes } from './yaml-mistakes.ts';

export type Path = readonly PropertyKey[];

/** A lab file's text, and the line of everything in it. */
export interface Source {
  value: unknown;
  /** Mistakes that make it unreadable as YAML; then there is no value. */
  problems: Problem[];
  /** Line of the value at a path; for a missing value, the line of the map that lacks it. */
  lineOf(path: Path): number;
  /** Line of a key. */
  lineOfKey(path: Path, key: string): number;
}

/** One mistake of YAML makes many. */
const most = 20;

/** @param keys every key that such a file may have anywhere; those of a lab file by default */
export function readSource(text: string, keys = labKeys.every): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'error',
  });
  const lineAt = (node: Node) => (node.range ? lines.linePos(node.range[0]).line : 1);
  const lineOf = (path: Path) => {
    for (let length = path.length; length >= 0; length--) {
      const node = nodeAt(document, path.slice(0, length));
      if (node?.range) return lineAt(node);
    }
    return 1;
  };
  const lineOfKey = (path: Path, key: string) => {
    const map = nodeAt(document, path);
    const pair = isMap(map)
      ? map.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
      : undefined;
    return pair && isScalar(pair.key) ? lineAt(pair.key) : lineOf(path);
  };
  const problems = yamlMistakes(text, document.errors, keys);
  const value = problems.length > 0 ? undefined : plainValue(document, problems, lineAt);
  return { value, problems, lineOf, lineOfKey };
}

/** Mistakes that YAML allows, or finds too late or slowly: a key that appears twice, and a value that contains itself. */
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
      const known = new Map<string, number>();
      for (const { key } of map.items) {
        if (!isScalar(key)) {
          problems.push({ line: lineAt(isNode(key) ? key : map), path: '', what: 'a key that is not a word' });
          continue;
        }
        const word = String(key.value);
        const first = known.get(word);
        if (first === undefined) known.set(word, lineAt(key));
        else problems.push(twice(word, lineAt(key), first, map === document.contents));
      }
    },
    Alias: (_, alias, parents) => {
      const node = anchored.get(alias.source);
      if (!node) {
        problems.push({
          line: lineAt(alias),
          path: '',
          what: `*${alias.source} refers to an &${alias.source} above it, and there is none`,
          fix: `quotes, if it is a text: "*${alias.source}"`,
        });
      } else if (parents.includes(node)) {
        problems.push({
          line: lineAt(alias),
          path: '',
          what: `*${alias.source} is within the value that it refers to`,
        });
      }
    },
  });
  return problems;
}

/** A key that appears twice. At the top level the user may mean several services; below it, items of a list lack hyphens. */
function twice(word: string, line: number, first: number, atTop: boolean): Problem {
  const several = word === 'service' ? 'services: [{ vip: … }, { vip: … }]' : undefined;
  const fix = atTop ? several : `a hyphen before each item of a list: - ${word}: …`;
  return { line, path: word, what: `it appears twice, first in line ${first}`, fix };
}

function nodeAt(document: Document.Parsed, path: Path): Node | undefined {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node : undefined;
}

/** The versions of kernels as they are written: YAML takes 6.10 for the number 6.1. */
function keepVersions(document: Document.Parsed): void {
  const keep = (value: unknown) => {
    if (isScalar(value) && typeof value.value === 'number' && value.source) value.value = value.source;
  };
  visit(document, {
    Pair: (_, { key, value }) => {
      if (!isScalar(key)) return;
      if (key.value === 'kernel') keep(value);
      if (key.value !== 'kernels') return;
      if (isMap(value)) for (const item of value.items) keep(item.value);
      if (isSeq(value)) value.items.forEach(keep);
    },
  });
}

function plainValue(document: Document.Parsed, problems: Problem[], lineAt: (node: Node) => number): unknown {
  try {
    problems.push(...misuses(document, lineAt).slice(0, most));
    keepVersions(document);
    return problems.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    // Aliases of aliases, which would grow without end.
    const what =
      error instanceof ReferenceError ? 'too many references (*) to the same value' : (error as Error).message;
    problems.push({ line: 1, path: '', what });
    return undefined;
  }
}

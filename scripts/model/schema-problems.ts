import type { z } from 'zod';
import { closest } from '../closest.ts';
import type { Problem } from '../errors.ts';
import { realServerCount } from './limits.ts';
import type { Path, Source } from './source.ts';

type Issue = z.core.$ZodIssue;

/** Of more unknown keys at one place nobody reads. */
const most = 20;

/** zod's issues as problems of the file: each with its line, what is wrong and what would be right. */
export function schemaProblems(issues: readonly Issue[], source: Source, keysAt: (path: Path) => string[]): Problem[] {
  return issues.flatMap((issue) => translate(issue, [], source, keysAt));
}

function translate(issue: Issue, base: Path, source: Source, keysAt: (path: Path) => string[]): Problem[] {
  const path = [...base, ...issue.path];
  const problem = (what: string, fix?: string): Problem[] => [
    { line: source.lineOf(path), path: pathText(path), what, fix },
  ];
  const value = valueAt(source.value, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, most).map((key) => unknownKey(key, path, source, keysAt(path)));
    case 'invalid_union':
      return union(issue, path, value, source, keysAt) ?? problem(`${say(value)} does not fit here`, wantedOf(path));
    case 'invalid_value': {
      const words = issue.values.map(String);
      const near = typeof value === 'string' ? closest(value, words) : undefined;
      if (value === undefined) return problem('is missing', `one of ${words.join(', ')}`);
      return problem(`${say(value)} is not known`, `${near ? `did you mean ${near}? ` : ''}one of ${words.join(', ')}`);
    }
    case 'invalid_type':
      if (value === undefined) return problem('is missing', wantedOf(path));
      return problem(`${say(value)} is not ${article(issue.expected)}`);
    case 'too_small':
      return problem(`${say(value)} is too small`, `${issue.minimum} at least`);
    case 'too_big':
      return problem(`${say(value)} is too big`, `${issue.maximum} at most`);
    case 'custom':
    case 'invalid_format': {
      const [what, fix] = issue.message.split('; ');
      return problem(`${say(value)}: ${what}`, fix);
    }
    default:
      return problem(issue.message);
  }
}

/** The branch of a union that the person had in mind: the one whose type fits what they wrote. */
function union(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: Path,
  value: unknown,
  source: Source,
  keysAt: (path: Path) => string[],
): Problem[] | undefined {
  const meant = issue.errors.find(
    (branch) => !branch.some((one) => one.code === 'invalid_type' && one.path.length === 0),
  );
  return value === undefined ? undefined : meant?.flatMap((one) => translate(one, path, source, keysAt));
}

function unknownKey(key: string, path: Path, source: Source, known: string[]): Problem {
  const near = closest(key, known);
  return {
    line: source.lineOfKey(path, key),
    path: pathText([...path, key]),
    what: 'is not a key of a lab file',
    fix: near ? `did you mean ${near}?` : known.length > 0 ? `known here: ${known.join(', ')}` : undefined,
  };
}

/** What a missing or misfit value should look like. */
function wantedOf(path: Path): string | undefined {
  const examples: Record<string, string> = {
    mode: 'mode: dr',
    networks: 'networks: { front: 192.168.1.0/24 }',
    front: 'front: 192.168.1.0/24',
    service: 'service: { vip: 192.168.1.3 }',
    vip: 'vip: 192.168.1.3',
    port: 'port: 80',
    director: 'director: 192.168.1.2, or { front: …, back: … }',
    real_servers: `a number from ${realServerCount.least} to ${realServerCount.most}, or a list of { name, address, weight }`,
  };
  const example = examples[String(path.at(-1) ?? '')];
  return example && `something like ${example}`;
}

function article(type: string): string {
  const words: Record<string, string> = {
    string: 'text',
    object: 'a map of keys and values',
    array: 'a list',
    int: 'a whole number',
  };
  return words[type] ?? `a ${type}`;
}

function say(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (holder, key) => (holder as Record<PropertyKey, unknown> | undefined | null)?.[key],
    value,
  );
}

/** service.scheduler, real_servers[1].address */
export function pathText(path: Path): string {
  return path.map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at > 0 ? '.' : ''}${String(key)}`)).join('');
}

import type { z } from 'zod';
import { closest } from '../../closest.ts';
import { countOf } from '../../count-of.ts';
import type { Problem } from '../../errors.ts';
import { hostNamePattern } from '../schema/values.ts';
import { keyMeantBy, valueMeantBy } from './also-called.ts';
import { type Examples, exampleOf, examplesFor } from './examples.ts';
import { type Keys, labKeys } from './known-keys.ts';
import { brief, keyOf, type Misfit, type Mistake } from './misfit.ts';
import type { Path, Source } from './source.ts';
import { valueMistake } from './value-mistakes.ts';

type Issue = z.core.$ZodIssue;

/** The most unknown keys at one place that are reported. */
const most = 20;

/** What is known of the kind of file that is read. */
interface Known {
  source: Source;
  keys: Keys;
  examples: Examples;
}

/**
 * zod's issues as problems of the file: each with its line, what is wrong and what would be right.
 * @param keys those of a lab file by default
 */
export function schemaProblems(issues: readonly Issue[], source: Source, keys = labKeys): Problem[] {
  const known = { source, keys, examples: examplesFor(source.value) };
  const translated = issues.flatMap((issue) => translate(issue, [], known));
  // A key that is not indented leaves the one above it empty, which then is no mistake of its own.
  const filled = translated.flatMap(({ belongsBelow }) => belongsBelow ?? []);
  const problems = translated.filter(({ path, isEmpty }) => !(isEmpty && filled.includes(path)));
  // A number can be too large twice: for any number, and for its key.
  const each = new Map(problems.map((one) => [`${one.path} ${one.what}`, one]));
  return [...each.values()].map(({ line, path, what, fix }) => ({ line, path, what, fix }));
}

interface Translated extends Problem {
  /** Whether there is nothing after the key. */
  isEmpty?: boolean;
  /** The key that this one belongs below. */
  belongsBelow?: string | undefined;
}

function translate(issue: Issue, base: Path, known: Known): Translated[] {
  const { source, examples } = known;
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, most).map((key) => unknownKey(key, path, known));
  }
  const value = valueAt(source.value, path);
  const put = ({ what, fix }: Mistake): Translated[] => {
    return [{ line: source.lineOf(path), path: pathText(path), what, fix, isEmpty: value === null }];
  };
  if (value === undefined) return put({ what: 'it is missing', fix: exampleOf(path, examples) ?? oneOf(issue) });
  if (issue.code === 'invalid_union') {
    const meant = meantBranch(issue);
    if (meant) return meant.flatMap((one) => translate(one, path, known));
  }
  const mistake = valueMistake({ path, value, wanted: wantedBy(issue), examples });
  return put(mistake ?? generalMistake(issue, path, value, examples));
}

/** The branch of a union that the user meant: the one whose type fits the value. */
function meantBranch(issue: Extract<Issue, { code: 'invalid_union' }>): Issue[] | undefined {
  return issue.errors.find((branch) => !branch.some((one) => one.code === 'invalid_type' && one.path.length === 0));
}

function wantedBy(issue: Issue): Misfit['wanted'] {
  if (issue.code === 'custom') return issue.params?.wanted ?? 'other';
  if (issue.code === 'invalid_format' && issue.pattern === String(hostNamePattern)) return 'name';
  if (issue.code !== 'invalid_type') return 'other';
  const kinds: Record<string, Misfit['wanted']> = {
    number: 'number',
    int: 'number',
    boolean: 'boolean',
    object: 'map',
    record: 'map',
    array: 'list',
  };
  return kinds[issue.expected] ?? 'other';
}

/** The issue of the schema. */
function generalMistake(issue: Issue, path: Path, value: unknown, examples: Examples): Mistake {
  const shown = brief(value);
  switch (issue.code) {
    case 'invalid_value': {
      const words = issue.values.map(String);
      const meant =
        typeof value === 'string' ? (valueMeantBy(keyOf(path), value, words) ?? closest(value, words)) : undefined;
      return { what: `${shown} is not known`, fix: `${meant ? `did you mean ${meant}? ` : ''}${oneOf(issue)}` };
    }
    case 'invalid_type':
      return issue.expected === 'string'
        ? { what: `${shown} is not text`, fix: typeof value === 'object' ? undefined : `${keyOf(path)}: "${shown}"` }
        : { what: `${shown} is not a ${issue.expected}` };
    case 'too_small':
    case 'too_big':
      return size(issue, value);
    case 'custom':
    case 'invalid_format': {
      const [what, fix] = issue.message.split('; ');
      return { what: `${shown} is ${what}`, fix };
    }
    case 'invalid_union':
      return { what: `${shown} does not fit here`, fix: exampleOf(path, examples) };
    default:
      return { what: issue.message };
  }
}

function oneOf(issue: Issue): string | undefined {
  return issue.code === 'invalid_value' ? `one of ${issue.values.map(String).join(', ')}` : undefined;
}

function size(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>, value: unknown): Mistake {
  const bound = issue.code === 'too_small' ? `${issue.minimum} at least` : `${issue.maximum} at most`;
  if (Array.isArray(value))
    return {
      what: value.length === 0 ? 'the list is empty' : `the list has ${countOf(value.length, 'item')}`,
      fix: bound,
    };
  if (typeof value === 'string') return { what: `it has ${countOf(value.length, 'character')}`, fix: bound };
  return { what: `${brief(value)} is too ${issue.code === 'too_small' ? 'small' : 'large'}`, fix: bound };
}

function unknownKey(key: string, path: Path, { source, keys }: Known): Translated {
  const known = keys.at(path);
  const place = { line: source.lineOfKey(path, key), path: pathText([...path, key]) };
  // As sysctl(8) has them: net.ipv4.vs.conntrack.
  const lastName = key.slice(key.lastIndexOf('.') + 1);
  const near = keyMeantBy(key, known) ?? closest(lastName, known);
  if (near) return { ...place, what: 'there is no such key', fix: `did you mean ${near}?` };
  const elsewhere = keys.every.includes(key) ? key : path.length === 0 ? keyMeantBy(key, keys.every) : undefined;
  const home = elsewhere && keys.homeOf(elsewhere);
  if (home === undefined) {
    return {
      ...place,
      what: 'there is no such key',
      fix: known.length > 0 ? `known here: ${known.join(', ')}` : undefined,
    };
  }
  const where = home === '' ? 'without spaces before it' : `below ${home}:`;
  if (elsewhere !== key) return { ...place, what: 'there is no such key', fix: `did you mean ${elsewhere}, ${where}?` };
  if (home === '') return { ...place, what: 'it is a key of the whole lab', fix: 'no spaces before it' };
  const spaces = path.length === 0 ? ', with two spaces before it' : '';
  if (home.endsWith('real_servers')) {
    return {
      ...place,
      what: 'it is a key of a real server',
      fix: `real_servers: [{ name: rs1, ${key}: … }]`,
      belongsBelow: pathText([...path, home]),
    };
  }
  return {
    ...place,
    what: `it is a key of ${home}`,
    fix: `below ${home}:${spaces}`,
    belongsBelow: pathText([...path, home]),
  };
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

import { didYouMean } from '../closest.ts';
import type { Problem } from '../errors.ts';
import { pathText } from '../model/reading/schema-problems.ts';
import type { Path } from '../model/reading/source.ts';
import type { Values } from './draw.ts';

/** `((vip))`, `((weights.1))`. What a shell reckons, `$((count))`, is none. */
const placeholder = /(?<!\$)\(\(([a-z][a-z0-9_]*(?:\.[a-z0-9_-]+)*)\)\)/g;
const alone = new RegExp(`^${placeholder.source}$`);

/** A placeholder for something that is not drawn. */
export type Unknown = (name: string) => void;

/** A text with the values in the places of their placeholders. */
export function filledText(text: string, values: Values, unknown: Unknown): string {
  return text.replace(placeholder, (written, name: string) => {
    const value = drawnAs(name, values);
    if (value === undefined) {
      unknown(name);
      return written;
    }
    return Array.isArray(value) ? value.join(' ') : String(value);
  });
}

/**
 * A value of a file with all placeholders filled in. A text that is one placeholder becomes what was drawn, also a number, a list or
 * a map.
 */
export function filled(
  value: unknown,
  values: Values,
  path: Path,
  lineOf: (path: Path) => number,
): { value: unknown; problems: Problem[] } {
  const problems: Problem[] = [];
  const fill = (one: unknown, at: Path): unknown => {
    const unknown: Unknown = (name) =>
      problems.push({ line: lineOf(at), path: pathText(at), ...notDrawn(name, values) });
    if (typeof one === 'string') {
      const [, name] = alone.exec(one) ?? [];
      const whole = name === undefined ? undefined : drawnAs(name, values);
      return whole === undefined ? filledText(one, values, unknown) : whole;
    }
    if (Array.isArray(one)) return one.map((item, index) => fill(item, [...at, index]));
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, fill(inner, [...at, key])]));
  };
  return { value: fill(value, path), problems };
}

/** What is wrong with a placeholder for something that is not drawn. */
export function notDrawn(name: string, values: Values): Pick<Problem, 'what' | 'fix'> {
  const names = Object.keys(values);
  return { what: `nothing is drawn as ${name}`, fix: didYouMean(name, names) ?? `known: ${names.join(', ')}` };
}

/** Names of all placeholders in a text. */
export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(placeholder)].map(([, name = '']) => name);
}

/** The first of a list is 1. */
function drawnAs(name: string, values: Values): unknown {
  return name.split('.').reduce<unknown>((holder, key) => {
    if (Array.isArray(holder)) return holder[Number(key) - 1];
    if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, key)) return undefined;
    return (holder as Record<string, unknown>)[key];
  }, values);
}

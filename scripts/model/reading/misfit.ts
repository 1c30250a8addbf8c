import type { Examples } from './examples.ts';
import type { Path } from './source.ts';

/** A value that does not fit, and where it is. */
export interface Misfit {
  path: Path;
  value: unknown;
  /** The kind of value that belongs there; `other` if that is not known. */
  wanted: 'address' | 'network' | 'kernel' | 'name' | 'number' | 'boolean' | 'map' | 'list' | 'other';
  examples: Examples;
}

export interface Mistake {
  what: string;
  fix?: string | undefined;
}

/** The key that a value belongs to; for an item of a list, the list's. */
export function keyOf(path: Path): string {
  return String(path.findLast((key) => typeof key === 'string') ?? '');
}

/** A value of the file as a short text. */
export function brief(value: unknown): string {
  const text = shown(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return /^[\w./:%-]+$/.test(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(brief).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  const keys = Object.keys(value);
  return keys.length > 0 ? `{ ${keys.map((key) => `${key}: …`).join(', ')} }` : '{}';
}

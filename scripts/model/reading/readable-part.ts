import type { z } from 'zod';
import { fileSchema, type LabFile } from '../schema/lab-file.ts';

/** A lab file without the keys that are wrong. */
export interface ReadablePart {
  data: LabFile;
  /** Keys that are wrong. Those that a lab must have stand here with any value. */
  broken: Set<string>;
}

/** What stands for a key that every lab file has. */
const anyValue = { mode: 'dr', networks: { front: '192.168.1.0/24' } };

/** What can be read of a file that does not fit the schema; undefined for a file that is no map. */
export function readablePart(value: unknown, issues: readonly z.core.$ZodIssue[]): ReadablePart | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const broken = new Set(issues.flatMap(keysOf));
  const rest = Object.entries(value).filter(([key]) => !broken.has(key));
  const parsed = fileSchema.safeParse({ ...anyValue, ...Object.fromEntries(rest) });
  return parsed.success ? { data: parsed.data, broken } : undefined;
}

function keysOf(issue: z.core.$ZodIssue): string[] {
  const [key] = issue.path;
  if (key !== undefined) return [String(key)];
  return issue.code === 'unrecognized_keys' ? issue.keys : [];
}

import type { z } from 'zod';
import { fileSchema, type LabFile } from '../schema/lab-file.ts';

/** A lab file without the keys that are wrong. */
export interface ReadablePart {
  data: LabFile;
  /** Keys that are wrong. Required keys among them get a stand-in value. */
  broken: Set<string>;
}

/** The stand-in value of a required key. */
const anyValue = { mode: 'dr', networks: { front: '192.168.1.0/24' } };

/** The readable part of a file that does not fit the schema; undefined for a file that is not a map. */
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

import { z } from 'zod';
import { fileSchema } from '../schema/lab-file.ts';
import type { Path } from './source.ts';

/** The keys that a lab file may have at a place; empty for a place with a plain value. */
export function keysAt(path: Path): string[] {
  const names = path.filter((key) => typeof key === 'string').join('.');
  return keysByPlace.get(names) ?? [];
}

/** The place of a key; '' for the top level. If a key has several places, the one that most labs use. */
export function homeOf(key: string): string | undefined {
  const places = [...keysByPlace].filter(([, keys]) => keys.includes(key)).map(([place]) => place);
  return ['', 'networks', 'service'].find((place) => places.includes(place)) ?? places[0];
}

/** Keys by the place that they belong to, in the form `service.real_servers`; lists do not count as a place. */
const keysByPlace = new Map<string, string[]>();
collect(fileSchema, []);

/** Every key that a lab file may have anywhere. */
export const everyKey: readonly string[] = [...new Set([...keysByPlace.values()].flat())];

function collect(schema: z.core.$ZodType, place: readonly string[]): void {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) collect(schema.unwrap(), place);
  else if (schema instanceof z.ZodArray) collect(schema.element, place);
  else if (schema instanceof z.ZodUnion) for (const option of schema.options) collect(option, place);
  else if (schema instanceof z.ZodObject) {
    const shape: Record<string, z.core.$ZodType> = schema.shape;
    keysByPlace.set(place.join('.'), Object.keys(shape));
    for (const [key, inner] of Object.entries(shape)) collect(inner, [...place, key]);
  }
}

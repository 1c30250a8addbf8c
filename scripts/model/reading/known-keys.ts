import { z } from 'zod';
import { fileSchema } from '../schema/lab-file.ts';
import type { Path } from './source.ts';

/** The keys of a kind of file. */
export interface Keys {
  /** The keys that it may have at a place; empty for a place with a plain value. */
  at(path: Path): string[];
  /** The place of a key; '' for the top level. If a key has several places, the one that most files use. */
  homeOf(key: string): string | undefined;
  /** Every key that it may have anywhere. */
  every: readonly string[];
}

/** @param usual places in which a key is looked for first */
export function keysOf(schema: z.core.$ZodType, usual: readonly string[]): Keys {
  // By the place that they belong to, in the form `service.real_servers`; lists do not count as a place.
  const byPlace = new Map<string, string[]>();
  collect(schema, [], byPlace);
  return {
    at(path) {
      const names = path.filter((key) => typeof key === 'string');
      return byPlace.get(names.join('.')) ?? byPlace.get([...names.slice(0, -1), anyName].join('.')) ?? [];
    },
    homeOf(key) {
      const places = [...byPlace].filter(([, keys]) => keys.includes(key)).map(([place]) => place);
      return usual.find((place) => places.includes(place)) ?? places[0];
    },
    every: [...new Set([...byPlace.values()].flat())],
  };
}

/** In a place: whatever name the user gives. */
const anyName = '*';

function collect(schema: z.core.$ZodType, place: readonly string[], byPlace: Map<string, string[]>): void {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) collect(schema.unwrap(), place, byPlace);
  else if (schema instanceof z.ZodArray) collect(schema.element, place, byPlace);
  else if (schema instanceof z.ZodRecord) collect(schema.valueType, [...place, anyName], byPlace);
  else if (schema instanceof z.ZodUnion) for (const option of schema.options) collect(option, place, byPlace);
  else if (schema instanceof z.ZodObject) {
    const shape: Record<string, z.core.$ZodType> = schema.shape;
    byPlace.set(place.join('.'), Object.keys(shape));
    for (const [key, inner] of Object.entries(shape)) collect(inner, [...place, key], byPlace);
  }
}

/** The keys of a lab file. */
export const labKeys = keysOf(fileSchema, ['', 'networks', 'service']);

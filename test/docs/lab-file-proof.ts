import { parse, stringify } from 'yaml';
import type { Lab } from '../../scripts/model/lab.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import type { LabFileKey } from './lab-file-keys.ts';

/** What every lab must have. */
const least = 'mode: dr\nnetworks: { front: 192.168.1.0/24 }\nservice: { vip: 192.168.1.3 }\n';

type Value = { [key: string]: Value } | Value[] | string | number | boolean | null;
type Map = { [key: string]: Value };

/** The lab file that an example stands for. */
export function fileOf({ example, rest = '' }: LabFileKey): Map {
  const all: Map = { ...parse(least), ...parse(rest), ...parse(example) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

/** @throws LabFileError when the example is no part of a lab file */
export function labOfExample(row: LabFileKey): Lab {
  return labOf(fileOf(row));
}

/** The lab of an example with another value in the place of a key, or without the key. */
export function labWith(path: string, row: LabFileKey, value?: Value): Lab {
  const file = structuredClone(fileOf(row));
  const names = path.split('.');
  const key = names.pop() ?? '';
  let map: Value | undefined = file;
  for (const name of names) {
    const next: Value | undefined = mapAt(map)[name];
    map = Array.isArray(next) ? next[0] : next;
  }
  if (value === undefined) delete mapAt(map)[key];
  else mapAt(map)[key] = value;
  return labOf(file);
}

function mapAt(value: Value | undefined): Map {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new Error(`${JSON.stringify(value)} is no map`);
}

function labOf(file: Map): Lab {
  return parseLab(stringify(file), { name: 'example', file: 'example.yaml' }).lab;
}

import test from 'ava';
import { type Document, isScalar, parseDocument, stringify, visit, type YAMLMap } from 'yaml';
import { LabFileError } from '../../scripts/errors.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import { schemaKeys } from '../docs/lab-file.ts';
import { labFileKeys } from '../docs/lab-file-keys.ts';
import { fileOf } from '../docs/lab-file-proof.ts';

/** Three that every object of JavaScript has, and one that none has. */
const words = ['__proto__', 'constructor', 'toString', 'nosuch'];

/** Lab files that have each map of the schema. */
const files = [...new Set(Object.values(labFileKeys).map((row) => stringify(fileOf(row))))];

for (const word of words) {
  test(`a key ${word} is unknown in every map of a lab file, and its line is named`, (t) => {
    const places = new Set<string>();
    for (const text of files) {
      for (let at = 0; at < mapsOf(parseDocument(text)).length; at++) {
        const document = parseDocument(text);
        mapsOf(document)[at]?.items.push(document.createPair(word, 1));
        const changed = document.toString();
        const error = t.throws(() => parseLab(changed, { name: 'x', file: 'x.yaml' }), { instanceOf: LabFileError });
        const line = changed.split('\n').findIndex((one) => one.includes(`${word}: 1`)) + 1;
        const found = error?.problems.find(({ path }) => path.split('.').at(-1) === word);
        t.deepEqual([found?.line, found?.what], [line, 'there is no such key'], changed);
        places.add((found?.path ?? '').replace(/\[\d+\]/g, '').replace(/\.?[^.]+$/, ''));
      }
    }
    for (const group of new Set(schemaKeys().map((key) => key.group))) t.true(places.has(group), group);
  });
}

/** Maps whose keys are names of nodes. */
const byNode = ['kernels', 'ip_vs'];

/** Every map whose keys are words. */
function mapsOf(document: Document): YAMLMap[] {
  const found: YAMLMap[] = [];
  visit(document, {
    Pair: (_, { key }) => (isScalar(key) && byNode.includes(String(key.value)) ? visit.SKIP : undefined),
    Map: (_, map) => void found.push(map as YAMLMap),
  });
  return found;
}

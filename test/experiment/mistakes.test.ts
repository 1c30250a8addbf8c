import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { experimentJsonSchemas } from '../../scripts/experiment/schema/json-schema.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { experimentMistakeNames, experimentMistakes, saidOf } from './mistakes.ts';

for (const name of await experimentMistakeNames()) {
  test(`${name}: what is wrong, where, and what was meant; npm run golden writes it`, async (t) => {
    t.is(await saidOf(name), await readFile(join(experimentMistakes, `${name}.txt`), 'utf8'));
  });
}

for (const [file, text] of Object.entries(experimentJsonSchemas())) {
  test(`labs/${file} is what the code makes of it; npm run golden writes it`, async (t) => {
    t.is(text, await readFile(join(projectRoot, 'labs', file), 'utf8'));
  });
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { parseLab } from '../../scripts/model/parse.ts';
import { caseNames, casesFolder, goldenImport, importer, sourceOf, waysOf } from './golden.ts';

for (const name of await caseNames()) {
  test(`${name}: what is made of it is as reviewed; npm run golden writes it`, async (t) => {
    const expected = await readFile(join(casesFolder, `${name}.expected`), 'utf8');
    const made = await goldenImport(name);
    t.is(made, expected);
    for (const line of made.split('\n').filter((one) => !one.startsWith('==='))) t.true(line.length <= 80, line);
  });

  test(`${name}: the lab is accepted`, async (t) => {
    const run = await importer(name);
    const { text } = await sourceOf(name);
    let labs = 0;
    for (const options of waysOf(name)) {
      try {
        parseLab(run(text, options).text, { name: 'imported', file: 'imported.yaml' });
        labs++;
      } catch (error) {
        t.regex(String((error as Error).name), /^(LabFileError|Error)$/);
        t.notRegex((error as Error).message, /^imported\.yaml/);
      }
    }
    t.true(labs > 0 || name === 'include-in-a-block.conf');
  });
}

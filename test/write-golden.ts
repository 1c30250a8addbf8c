import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { batchJsonSchema } from '../scripts/batch/schema.ts';
import { exerciseJsonSchema } from '../scripts/exercise/json-schema.ts';
import { experimentJsonSchemas } from '../scripts/experiment/schema/json-schema.ts';
import { projectRoot } from '../scripts/host/paths.ts';
import { labJsonSchema } from '../scripts/model/schema/json-schema.ts';
import { batchMistakeNames, batchMistakes, saidOfBatch } from './batch/mistakes.ts';
import { goldenComparison } from './comparison/golden.ts';
import { experimentMistakeNames, experimentMistakes, saidOf } from './experiment/mistakes.ts';
import { faultTable } from './faults/table.ts';
import { classFolder, goldenReports } from './grading/golden.ts';
import { caseNames, casesFolder, goldenImport } from './import/golden.ts';
import { messageOf, mistakeNames, mistakesFolder } from './model/mistakes.ts';
import { goldenMermaid, goldenPath, goldenPaths } from './path/golden.ts';
import { goldenLabs, renderGolden } from './render/golden.ts';

// npm run golden: writes what the tests compare with. Look at the difference before you commit it.
await writeFile(join(projectRoot, 'labs/lab.schema.json'), labJsonSchema());
for (const [file, text] of Object.entries(experimentJsonSchemas()))
  await writeFile(join(projectRoot, 'labs', file), text);
await writeFile(join(projectRoot, 'labs/exercise.schema.json'), exerciseJsonSchema());
await writeFile(join(projectRoot, 'labs/batch.schema.json'), batchJsonSchema());
for (const name of await batchMistakeNames())
  await writeFile(join(batchMistakes, `${name}.txt`), await saidOfBatch(name));
for (const name of await experimentMistakeNames())
  await writeFile(join(experimentMistakes, `${name}.txt`), await saidOf(name));
await writeFile(join(projectRoot, 'test/golden/faults.txt'), await faultTable());
for (const name of goldenLabs)
  await writeFile(join(projectRoot, 'test/golden', `${name}.txt`), await renderGolden(name));
for (const name of await mistakeNames()) await writeFile(join(mistakesFolder, `${name}.txt`), await messageOf(name));
for (const name of goldenPaths)
  await writeFile(join(projectRoot, 'test/golden/paths', `${name}.txt`), await goldenPath(name));
await writeFile(join(projectRoot, 'test/golden/comparison.txt'), await goldenComparison());
await writeFile(join(projectRoot, 'test/golden/paths/nat.mermaid'), await goldenMermaid('nat'));
for (const name of await caseNames()) await writeFile(join(casesFolder, `${name}.expected`), await goldenImport(name));
for (const [file, text] of Object.entries(goldenReports)) await writeFile(join(classFolder, file), text);

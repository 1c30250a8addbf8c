import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { program } from '../../scripts/cli/program.ts';
import { methodsPicture } from '../../scripts/comparison/picture.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { recordedComparison } from '../runner/recorded-comparison.ts';
import { runDr } from '../screen/run-dr.ts';
import { session } from '../screen/session.ts';
import { checksPage } from './checks.ts';
import { commandReference } from './commands.ts';
import { comparisonPage } from './comparison.ts';
import { completionScript } from './completion.ts';
import { exerciseReference } from './exercises.ts';
import { bugReference, experimentReference } from './experiments.ts';
import { faultsPage } from './faults.ts';
import { kernelTable } from './kernels.ts';
import { labFileReference } from './lab-file.ts';
import { labsPage } from './labs.ts';
import { manual } from './manual.ts';
import { scaleFigures } from './scale.ts';
import { schedulersPage } from './schedulers.ts';

/** A file that is made of the code, or ends with a part that is, so that it cannot say otherwise. */
export interface Page {
  /** Its path in the project. */
  file: string;
  /** @param present what the file holds now */
  make(present: string): string | Promise<string>;
}

/** `npm run docs` writes them, test/docs.test.ts compares. */
export const pages: Page[] = [
  { file: 'docs/screen.svg', make: runDr },
  { file: 'docs/session.svg', make: session },
  { file: 'docs/labs.md', make: labsPage },
  { file: 'docs/checks.md', make: checksPage },
  { file: 'docs/faults.md', make: faultsPage },
  { file: 'docs/schedulers.md', make: schedulersPage },
  { file: 'docs/comparison.md', make: comparisonPage },
  { file: 'docs/comparison.svg', make: async () => methodsPicture(await recordedComparison()) },
  { file: 'docs/lab-file.md', make: below(labFileReference) },
  { file: 'docs/experiments.md', make: below(experimentReference) },
  { file: 'docs/bugs.md', make: below(bugReference) },
  { file: 'docs/kernels.md', make: below(kernelTable) },
  { file: 'docs/exercises.md', make: below(exerciseReference) },
  { file: 'docs/scale.md', make: below(scaleFigures) },
  {
    file: 'docs/lab.1',
    make: async () => manual(await program(), await readFile(join(projectRoot, 'docs/commands.md'), 'utf8')),
  },
  { file: 'bin/complete.sh', make: async () => completionScript(await program()) },
  { file: 'docs/commands.md', make: below(async () => commandReference(await program())) },
];

const mark = '<!-- made by npm run docs from here on -->\n';

/** A page whose head is written by hand: what is behind the mark is made. */
function below(make: () => string | Promise<string>): Page['make'] {
  return async (present) => {
    const [head, ...rest] = present.split(mark);
    if (rest.length !== 1) throw new Error(`the page must have this line once: ${mark}`);
    return `${head}${mark}\n${await make()}\n`;
  };
}

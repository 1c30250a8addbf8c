import { join } from 'node:path';
import { projectRoot } from '../scripts/host/paths.ts';
import { print } from '../scripts/report/output.ts';
import { machineParts } from './sets.ts';

// Prints every test on machines that its file declares, as JSON. With LAB_TEST_SET=none none of them runs.
const { declared } = await import('./listed.ts');
for (const file of Object.values(machineParts)) await import(join(projectRoot, file));
print(JSON.stringify(declared));

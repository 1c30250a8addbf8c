import { parseArgs } from 'node:util';
import { print } from '../scripts/report/output.ts';
import { endure, Grown, words } from './e2e/endurance.ts';

// npm run test:endurance -- --times 500: verifies one lab again and again, and looks at what it takes of this computer.
const { values } = parseArgs({ options: { times: { type: 'string', default: '500' } } });
const times = Number(values.times);
try {
  const [first, last] = await endure(times, print);
  print(`\nlab verify ${times} times: ${words(first)} at first, ${words(last)} at last`);
} catch (error) {
  if (!(error instanceof Grown)) throw error;
  print(`\n✘ ${error.message}`);
  process.exitCode = 1;
}

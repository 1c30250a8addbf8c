import { parseArgs } from 'node:util';
import { print } from '../scripts/report/output.ts';
import { BadEnd, chaos } from './e2e/chaos.ts';

// npm run test:chaos -- --kills 100 --seed 1: kills commands, machines and switches of a lab, one after the other.
const { values } = parseArgs({
  options: { kills: { type: 'string', default: '100' }, seed: { type: 'string', default: `${Date.now() % 2 ** 32}` } },
});
const kills = Number(values.kills);
const seed = Number(values.seed);
print(`${kills} kills, --seed ${seed}`);
try {
  const { killed } = await chaos(kills, seed, print);
  const kinds = [...killed].map(([what, count]) => `${count} times a ${what}`).join(', ');
  print(`\n${kills} kills in a row without one bad end: ${kinds}`);
} catch (error) {
  if (!(error instanceof BadEnd)) throw error;
  print(`\n✘ ${error.message}\n--seed ${seed}`);
  process.exitCode = 1;
}

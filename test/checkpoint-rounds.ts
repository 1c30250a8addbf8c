import { parseArgs } from 'node:util';
import { print } from '../scripts/report/output.ts';
import { BadRound, rounds } from './e2e/checkpoint-rounds.ts';

// npm run test:checkpoints -- --rounds 200 --seed 1: saves and loads a lab again and again, and kills some of these commands.
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '200' }, seed: { type: 'string', default: `${Date.now() % 2 ** 32}` } },
});
const count = Number(values.rounds);
const seed = Number(values.seed);
print(`${count} rounds, --seed ${seed}`);
try {
  const kills = await rounds(count, seed, print);
  print(`\n${count} rounds with ${kills} kills, and nothing is left`);
} catch (error) {
  if (!(error instanceof BadRound)) throw error;
  print(`\n✘ ${error.message}\n--seed ${seed}`);
  process.exitCode = 1;
}

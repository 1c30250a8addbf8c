import { testsOf } from '../listed.ts';
import { chaos } from './chaos.ts';

const test = testsOf('chaos');
/** Few here; `npm run test:chaos` has more. */
const kills = 6;

test(`${kills} kills at random moments: lab run is well again after each, and lab down leaves nothing`, async (t) => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 32);
  t.log(`seed ${seed}`);
  await chaos(kills, seed, (line) => t.log(line));
  t.pass();
});

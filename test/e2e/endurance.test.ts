import { testsOf } from '../listed.ts';
import { endure, words } from './endurance.ts';

const test = testsOf('endurance');
/** Few here; `npm run test:endurance` has more. */
const times = 15;

test(`lab verify ${times} times: no more processes, files or memory than at first`, async (t) => {
  const [first, last] = await endure(times, (line) => t.log(line));
  t.log(`${words(first)} at first, ${words(last)} at last`);
  t.pass();
});

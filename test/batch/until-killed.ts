import { performAll } from '../../scripts/actions/perform-all.ts';
import { jobOf, madeIn } from './made.ts';

// Does jobs with the kit without machines, until it is killed: until-killed.ts FOLDER NAME…
const [folder = '', ...names] = process.argv.slice(2);
await performAll(
  names.map((name) => jobOf(name)),
  madeIn(folder),
  names.length,
  () => {},
);

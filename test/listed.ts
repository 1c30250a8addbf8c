import type { ExecutionContext } from 'ava';
import { isIn, listed, type MachinePart } from './sets.ts';

// Files of tests on real machines declare their tests here, not with ava. Only those in the set that LAB_TEST_SET names are passed
// on to ava: core, all, or none. ava's configuration for machines sets it; the one for unit tests would run them side by side.
const set = process.env.LAB_TEST_SET;
if (!set)
  throw new Error('tests on machines do not run with the unit tests: npm run test:e2e -- test/e2e/FILE.test.ts');
const ava = set === 'none' ? undefined : (await import('ava')).default;

type Run = (t: ExecutionContext) => unknown;
type Declare = (title: string, run: Run) => void;

export interface ListedTests extends Declare {
  /** For what this computer cannot do. */
  skip: Declare;
  before(title: string, run: Run): void;
  after(run: Run): void;
}

/** Every test that was declared. */
export const declared: { part: MachinePart; title: string }[] = [];

/**
 * The tests of a part. The function that it returns throws for a title without a line in sets.ts, unless the set is none.
 */
export function testsOf(part: MachinePart): ListedTests {
  const wanted = (title: string): boolean => {
    const line = listed(part, title);
    declared.push({ part, title });
    if (!ava) return false;
    if (!line) throw new Error(`test/sets.ts has no line for: ${part}: ${title}`);
    return isIn(line, set === 'core' ? 'core' : 'all');
  };
  const declare: Declare = (title, run) => {
    if (wanted(title)) ava?.(title, run);
  };
  return Object.assign(declare, {
    skip: (title: string, run: Run) => {
      if (wanted(title)) ava?.skip(title, run);
    },
    before: (title: string, run: Run) => ava?.before(title, run),
    after: (run: Run) => ava?.after.always(run),
  });
}

import test from 'ava';
import { earlierComparison, pairsOf } from '../../scripts/comparison/against.ts';
import { againText } from '../../scripts/report/compared-again.ts';
import { agreeing, comparedLabs, look } from './golden.ts';

const labs = await Promise.all(comparedLabs.map(agreeing));
const document = earlierComparison.parse(
  JSON.parse(JSON.stringify({ schema: 'lvs-lab/compared-methods/1', labs, claims: [] })),
);

test('a comparison agrees with itself, and a number that differs is told', (t) => {
  const pairs = pairsOf(labs, document.labs);
  t.true(pairs.length > 20);
  t.regex(
    againText(pairs, 'before.json', look),
    new RegExp(`${pairs.length} of ${pairs.length} numbers differ by 2 % or less`),
  );

  const [first] = document.labs;
  const before = first?.loads[0]?.director?.in.bytes;
  if (!before) return t.fail('no bytes');
  const was = before.median;
  before.median = was * 2;
  const changed = againText(pairsOf(labs, document.labs), 'before.json', look);
  before.median = was;
  t.regex(changed, new RegExp(`${pairs.length - 1} of ${pairs.length} numbers`));
  t.regex(changed, new RegExp(`${first?.lab} +page, bytes in .* 50.0 %`));
});

test('labs that only one comparison has are left out', (t) => {
  const [first, ...others] = labs;
  const pairs = pairsOf(labs, document.labs.slice(1));
  t.false(pairs.some(({ lab }) => lab === first?.lab));
  t.deepEqual(
    [...new Set(pairs.map(({ lab }) => lab))],
    others.map(({ lab }) => lab),
  );
  t.regex(againText(pairsOf(first ? [first] : [], document.labs.slice(1)), 'x', look), /no lab in common/);
});

test('another document is refused', (t) => {
  for (const other of [null, {}, { schema: 'lvs-lab/compared-methods/1' }, { ...document, schema: 'lvs-lab/verify/1' }])
    t.false(earlierComparison.safeParse(other).success);
});

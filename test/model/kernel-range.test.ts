import test from 'ava';
import { isInRange, type KernelRange } from '../../scripts/model/kernel-range.ts';

const range: KernelRange = { from: '5.0', mended: ['6.1.183', '6.12.104', '7.2'] };

const cases: [version: string, isThere: boolean][] = [
  ['4.19.300', false],
  ['5.0', true],
  ['5.10.262', true],
  ['6.1.182', true],
  ['6.1.183', false],
  ['6.1.192', false],
  ['6.12.103', true],
  ['6.12.104', false],
  ['6.16.12', true],
  ['7.1.13', true],
  ['7.2', false],
  ['7.2.6', false],
  ['7.3.4', false],
  ['10.0', false],
];

for (const [version, isThere] of cases) {
  test(`${version} is ${isThere ? 'in' : 'outside'}: a series of its own, and the main line for all that come later`, (t) => {
    t.is(isInRange(version, range), isThere);
  });
}

test('without ends every version is in; with a series alone its first version is mended', (t) => {
  t.true(isInRange('2.6.32', {}));
  t.true(isInRange('9.9', { mended: [] }));
  t.false(isInRange('6.1', { mended: ['6.1'] }));
});

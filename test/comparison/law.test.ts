import test from 'ava';
import fc from 'fast-check';
import { type Law, lawOf, valueBy } from '../../scripts/comparison/law.ts';

const sizes = [1, 2, 4, 8, 16, 64, 256];
const follow = (law: Omit<Law, 'residual'>, wobble: (at: number) => number = () => 1) =>
  sizes.map((size, at) => ({ size, value: valueBy({ ...law, residual: 0 }, size) * wobble(at) }));

test('what follows a law is found to follow it, with its numbers', (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom('logarithmic' as const, 'linear' as const),
      fc.double({ min: 100, max: 1e6, noNaN: true }),
      fc.double({ min: 0.2, max: 5, noNaN: true }),
      (name, base, part) => {
        const slope = base * part;
        const law = lawOf(follow({ name, base, slope }));
        return law.name === name && near(law.base, base) && near(law.slope, slope) && law.residual < 1e-6;
      },
    ),
  );
  t.pass();
});

const near = (one: number, other: number) => Math.abs(one - other) <= 1e-6 * Math.abs(other);

test('noise is no growth, and growth is found through noise', (t) => {
  const noise = fc.array(fc.double({ min: -0.02, max: 0.02, noNaN: true }), { minLength: 7, maxLength: 7 });
  fc.assert(
    fc.property(noise, (some) => {
      const wobble = (at: number) => 1 + (some[at] ?? 0);
      const flat = lawOf(follow({ name: 'constant', base: 5000, slope: 0 }, wobble));
      const steep = lawOf(follow({ name: 'linear', base: 5000, slope: 100 }, wobble));
      return flat.name === 'constant' && steep.name === 'linear' && Math.abs(steep.slope - 100) < 10;
    }),
  );
  t.pass();
});

test('two sizes show no law, and what becomes less costs nothing', (t) => {
  t.is(
    lawOf([
      { size: 1, value: 10 },
      { size: 2, value: 20 },
    ]).name,
    'constant',
  );
  t.is(
    lawOf([
      { size: 1, value: 30 },
      { size: 2, value: 20 },
      { size: 4, value: 10 },
    ]).name,
    'constant',
  );
});

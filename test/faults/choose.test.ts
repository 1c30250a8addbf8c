import test from 'ava';
import fc from 'fast-check';
import { textOf } from '../../scripts/actions/mend.ts';
import { UsageError } from '../../scripts/errors.ts';
import { choose, chooseAtRandom, chosenBefore } from '../../scripts/faults/choose.ts';
import { faults } from '../../scripts/faults/index.ts';
import { allLabs, planOf } from '../render/golden.ts';

const dr = await planOf('dr');
const tun = await planOf('tun');

test('the same lab and seed give the same fault, and seeds give different ones', (t) => {
  const ofSeed = (seed: number) =>
    chooseAtRandom(faults, dr, seed, 1).map(({ fault, place }) => `${fault.id} ${place.name}`);
  t.deepEqual(ofSeed(7), ofSeed(7));
  t.true(new Set(Array.from({ length: 100 }, (_, seed) => ofSeed(seed)[0])).size > 40);
});

test('a fault that is chosen at random is one that users notice', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (seed) => {
      for (const { place } of chooseAtRandom(faults, tun, seed, 2)) {
        t.not(place.symptom.kind, 'none');
        t.not(place.harmless, true);
      }
    }),
  );
});

test('two faults at a time are there in each lab, of two families and on different machines', async (t) => {
  for (const lab of await allLabs()) {
    const plan = await planOf(lab);
    for (let seed = 0; seed < 10; seed++) {
      const [one, other] = chooseAtRandom(faults, plan, seed, 2);
      if (!one || !other) {
        t.fail(`${lab}, seed ${seed}`);
        continue;
      }
      t.not(one.fault.family, other.fault.family);
      t.false(one.place.nodes.some((node) => other.place.nodes.includes(node)));
    }
  }
});

test('a fault without a place is made at its first', (t) => {
  t.is(choose(faults, dr, 'vip-missing').place.name, 'rs1');
  t.is(choose(faults, dr, 'vip-missing', 'rs2').place.name, 'rs2');
});

test('an unknown fault or place is refused, with what is meant or possible', (t) => {
  const refusal = (...words: [string, string?]) =>
    t.throws(() => choose(faults, dr, ...words), { instanceOf: UsageError });
  t.regex(refusal('vip-mising').message, /did you mean vip-missing\?/);
  t.regex(refusal('gateway').message, /did you mean gateway-\w+\?/);
  t.is(refusal('vip-missing', 'rs3').facts.cause, 'it can be made at rs1, rs2');
  t.regex(refusal('tunnel-down').message, /lab dr has no place for tunnel-down/);
});

test('a fault that an older version made is named, and does not keep the others from being mended', (t) => {
  const made = [
    { fault: 'no-such-fault', place: 'rs1' },
    { fault: 'daemon-down', place: 'rs1' },
    { fault: 'daemon-down', place: 'rs77' },
  ];
  const { known, unknown } = chosenBefore(faults, dr, made);
  t.deepEqual(
    known.map(({ fault, place }) => `${fault.id} ${place.name}`),
    ['daemon-down rs1'],
  );
  t.deepEqual(unknown, ['no-such-fault at rs1', 'daemon-down at rs77']);
  const text = textOf(dr, { told: known, left: [], unknown }, false);
  t.regex(
    text,
    /1 fault undone\nthis version of lab does not know no-such-fault at rs1, and has not undone it; lab reset dr/,
  );
});

import test from 'ava';
import fc from 'fast-check';
import { atLeast, greatestHitRate, leastHitRate, repeatsFor, roundsFor } from '../../scripts/experiment/rounds.ts';
import { isMet, type Round, roundOf, type TriedStep, verdictOf } from '../../scripts/experiment/trial.ts';

test('after so many rounds a bug has shown itself but for one case of a hundred, and not after one less', (t) => {
  t.deepEqual(
    [1, 0.9, 0.5, 0.1].map((rate) => roundsFor(rate)),
    [1, 2, 7, 44],
  );
  fc.assert(
    fc.property(fc.double({ min: 0.005, max: 0.999, noNaN: true }), (rate) => {
      const rounds = roundsFor(rate);
      const missed = (count: number) => (1 - rate) ** count;
      return missed(rounds) <= 0.01 + 1e-9 && (rounds === 1 || missed(rounds - 1) > 0.01 - 1e-9);
    }),
  );
  for (const none of [0, -1, 1.1, Number.NaN]) t.throws(() => roundsFor(none), { instanceOf: RangeError });
});

test('the binomial tail and the least hit rate agree with what tables say', (t) => {
  // Pascal's triangle: of 4 throws at least 2 heads in 11 of 16 cases.
  t.true(Math.abs(atLeast(2, 4, 0.5) - 11 / 16) < 1e-12);
  // All of n: p^n = 0.01.
  t.true(Math.abs(leastHitRate(5, 5) - 0.01 ** (1 / 5)) < 1e-9);
  // One of n: 1 - (1-p)^n = 0.01.
  t.true(Math.abs(leastHitRate(1, 10) - (1 - 0.99 ** (1 / 10))) < 1e-9);
  t.is(leastHitRate(0, 10), 0);
  t.true(leastHitRate(18, 20) < 0.9);
});

const measured = fc.integer({ min: 1, max: 60 }).chain((of) => fc.record({ hits: fc.nat(of), of: fc.constant(of) }));

test('repeats are the fewest after which either verdict is wrong in one of a hundred cases at most', (t) => {
  fc.assert(
    fc.property(measured, measured, (there, mended) => {
      fc.pre(there.hits > 0);
      const [least, most] = [leastHitRate(there.hits, there.of), greatestHitRate(mended.hits, mended.of)];
      const wrong = (rounds: number, hits: number) => ({
        missed: 1 - atLeast(hits, rounds, least),
        false: mended.hits === 0 ? 0 : atLeast(hits, rounds, most),
      });
      const works = (rounds: number, hits: number) =>
        wrong(rounds, hits).missed <= 0.01 + 1e-9 && wrong(rounds, hits).false <= 0.01 + 1e-9;
      try {
        const { rounds, hits } = repeatsFor(there, mended);
        const fewer = rounds - 1;
        const shorter = Array.from({ length: fewer }, (_, at) => at + 1).some(
          (some) => wrong(fewer, some).missed < 0.01 - 1e-6 && wrong(fewer, some).false < 0.01 - 1e-6,
        );
        return works(rounds, hits) && !shorter;
      } catch (error) {
        return error instanceof RangeError && most > least / 2;
      }
    }),
    { numRuns: 60 },
  );
  t.pass();
});

test('a bug that never hits where it is mended is there with its first hit', (t) => {
  t.deepEqual(repeatsFor({ hits: 20, of: 20 }), { rounds: roundsFor(0.01 ** (1 / 20)), hits: 1 });
  t.deepEqual(repeatsFor({ hits: 20, of: 20 }, { hits: 0, of: 20 }), repeatsFor({ hits: 20, of: 20 }));
  const { hits } = repeatsFor({ hits: 40, of: 50 }, { hits: 5, of: 50 });
  t.true(hits > 1);
  t.throws(() => repeatsFor({ hits: 10, of: 20 }, { hits: 8, of: 20 }), { message: /too near/ });
});

const step = (...expectations: [purpose: 'see' | 'wrong' | 'right', met: boolean][]): TriedStep => ({
  title: '',
  deed: '',
  seconds: 0,
  expectations: expectations.map(([purpose, met]) => ({
    purpose,
    met,
    kind: 'answers',
    expected: '',
    seen: '',
    rows: [],
  })),
});

test('a round hits or is clean only when everything else was as it must be', (t) => {
  const round = (...steps: TriedStep[]) => roundOf({ steps, complaints: [], kernels: [], consoles: [], seconds: 0 });
  t.is(round(step(['see', true]), step(['wrong', true], ['right', false])), 'hit');
  t.is(round(step(['see', true]), step(['wrong', false], ['right', true])), 'clean');
  t.is(round(step(['see', false]), step(['wrong', true], ['right', false])), 'unclear');
  t.is(round(step(['wrong', false], ['right', false])), 'unclear', 'a third thing was seen');
  t.is(round(step(['wrong', true], ['right', true])), 'unclear', 'both cannot be');
  t.is(round(step(['wrong', true]), step(['wrong', false], ['right', false])), 'unclear', 'half of the symptom');
  const complaint = { node: 'director', lines: ['Oops: 0000'] };
  t.is(
    roundOf({ steps: [step(['see', false])], complaints: [complaint], kernels: [], consoles: [], seconds: 0 }),
    'hit',
  );
  t.false(isMet({ steps: [step(['see', true])], complaints: [complaint], kernels: [], consoles: [], seconds: 0 }));
  t.true(isMet({ steps: [step(['see', true])], complaints: [], kernels: [], consoles: [], seconds: 0 }));
});

test('one hit decides; no bug is said only when every round was clean', (t) => {
  const cases: [Round[], string][] = [
    [['clean', 'hit', 'unclear'], 'reproduced'],
    [['clean', 'clean'], 'not reproduced'],
    [['clean', 'unclear'], 'the lab broke'],
    [[], 'the lab broke'],
  ];
  for (const [rounds, verdict] of cases) t.is(verdictOf(rounds), verdict as never);
  t.is(verdictOf(['hit', 'clean', 'clean'], 2), 'not reproduced');
  t.is(verdictOf(['hit', 'clean', 'hit'], 2), 'reproduced');
});

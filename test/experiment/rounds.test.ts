import test from 'ava';
import fc from 'fast-check';
import { atLeast, leastHitRate, roundsFor } from '../../scripts/experiment/rounds.ts';
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
  const round = (...steps: TriedStep[]) => roundOf({ steps, complaints: [], seconds: 0 });
  t.is(round(step(['see', true]), step(['wrong', true], ['right', false])), 'hit');
  t.is(round(step(['see', true]), step(['wrong', false], ['right', true])), 'clean');
  t.is(round(step(['see', false]), step(['wrong', true], ['right', false])), 'unclear');
  t.is(round(step(['wrong', false], ['right', false])), 'unclear', 'a third thing was seen');
  t.is(round(step(['wrong', true], ['right', true])), 'unclear', 'both cannot be');
  t.is(round(step(['wrong', true]), step(['wrong', false], ['right', false])), 'unclear', 'half of the symptom');
  const complaint = { node: 'director', lines: ['Oops: 0000'] };
  t.is(roundOf({ steps: [step(['see', false])], complaints: [complaint], seconds: 0 }), 'hit');
  t.false(isMet({ steps: [step(['see', true])], complaints: [complaint], seconds: 0 }));
  t.true(isMet({ steps: [step(['see', true])], complaints: [], seconds: 0 }));
});

test('one hit decides; no bug is said only when every round was clean', (t) => {
  const cases: [Round[], string][] = [
    [['clean', 'hit', 'unclear'], 'reproduced'],
    [['clean', 'clean'], 'not reproduced'],
    [['clean', 'unclear'], 'the lab broke'],
    [[], 'the lab broke'],
  ];
  for (const [rounds, verdict] of cases) t.is(verdictOf(rounds), verdict as never);
});

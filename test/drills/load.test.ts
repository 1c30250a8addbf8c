import test from 'ava';
import { judgeLoad } from '../../scripts/drills/load/judge.ts';
import { type LoadSeen, parseWeights } from '../../scripts/drills/load/seen.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import { failsWithHint } from '../checks/fails-with-hint.ts';
import { planOf } from '../render/golden.ts';
import { loadSeen, row, weights } from './seen/load.ts';

test('a weight that follows the load passes, and says how far', async (t) => {
  const { ok, observed, hint } = judgeLoad(await planOf('keepalived'), loadSeen());
  t.true(ok);
  t.is(observed, 'rs1 weight 8 → 1, share 50 % → 10 % (13 % by the weights); back at 7 after 0.8 s');
  t.is(hint, undefined);
});

const damages: [title: string, observed: RegExp, damage: Partial<LoadSeen>][] = [
  [
    'the weight does not fall',
    /weight 8 → 8/,
    { secondsDown: undefined, busy: { ...loadSeen().busy, weights: [weights(8, 8)] } },
  ],
  ['the weight falls too late', /8 → 1/, { secondsDown: 30 }],
  ['the weight falls, and the requests come as before', /50 % → 50 %/, { requests: row(0, 20, 5) }],
  ['it had no requests before', /0 % → 10 %/, { requests: [...row(0, 10, 0), ...row(10, 20, 1)] }],
  ['nobody asked meanwhile', /50 % → no answers/, { requests: row(0, 10, 5) }],
  ['the weight stays low', /and it stayed low/, { secondsBack: undefined, weightBack: 1 }],
];

for (const [title, observed, damage] of damages) {
  test(`${title}: load-weights fails, with a hint`, async (t) => {
    const plan: Plan = await planOf('keepalived');
    const check = judgeLoad(plan, { ...loadSeen(), ...damage });
    t.regex(check.observed, observed);
    failsWithHint(t, check, plan, /exit code of \/etc\/keepalived\/weigh.*journalctl -u keepalived/);
  });
}

test('where the others are busy as well, the share that the weights give is right', async (t) => {
  const others = { ...loadSeen().busy, weights: [weights(1, 3), weights(1, 1), weights(1, 2)] };
  const plan = await planOf('keepalived');
  const check = judgeLoad(plan, { ...loadSeen(), busy: others, requests: [...row(0, 10, 5), ...row(10, 20, 4)] });
  t.true(check.ok);
  t.regex(check.observed, /share 50 % → 40 % \(36 % by the weights\)/);
  const asBefore = judgeLoad(plan, { ...loadSeen(), busy: others, requests: [...row(0, 10, 5), ...row(10, 20, 6)] });
  t.false(asBefore.ok);
});

test('what awaiting a weight prints', (t) => {
  const text = 'late\n@@weight 192.168.1.4:80 7\n@@weight [fd00:1::5]:80 10\n';
  const names: Record<string, string> = { '192.168.1.4:80': 'rs1' };
  t.deepEqual(
    [...parseWeights(text, (address) => names[address])],
    [
      ['rs1', 7],
      ['[fd00:1::5]:80', 10],
    ],
  );
});

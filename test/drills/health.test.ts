import test from 'ava';
import { judgeHealth } from '../../scripts/drills/health/judge.ts';
import type { HealthSeen } from '../../scripts/drills/health/seen.ts';
import { healthOf, type Plan } from '../../scripts/plan/plan.ts';
import { failsWithHint } from '../checks/fails-with-hint.ts';
import { planOf } from '../render/golden.ts';
import { healthSeen, row } from './seen/health.ts';

const failed = (plan: Plan, seen: HealthSeen) =>
  judgeHealth(plan, seen)
    .filter(({ ok }) => !ok)
    .map(({ id }) => id);

test('failures that are noticed in time pass, and say how long it took', async (t) => {
  const plan = await planOf('health');
  t.deepEqual(failed(plan, healthSeen()), []);
  t.is(judgeHealth(plan, healthSeen())[0]?.observed, 'rs1 was out after 1.2 s; 2 of 2 requests failed until then');
});

const damages: [title: string, check: string, damage: Partial<HealthSeen>][] = [
  ['it stays in the table', 'health-out', { secondsOut: undefined }],
  ['it is noticed too late', 'health-out', { secondsOut: 12 }],
  [
    'a request fails though it is out',
    'health-answers',
    { requests: [...healthSeen().requests, ...row(12, 13, undefined)] },
  ],
  ['it answers though it is out', 'health-answers', { requests: [...healthSeen().requests, ...row(12, 13, 'rs1')] }],
  ['nobody asked meanwhile', 'health-answers', { startedAt: 11 }],
  ['it is taken in again too late', 'health-back', { secondsBack: 17 }],
  ['it is not taken in again', 'health-back', { secondsBack: undefined }],
  [
    'it is in the table, and gets nothing',
    'health-back',
    { requests: [...row(11, 40, 'rs2'), ...row(40, 60, 'sorry')] },
  ],
  ['nobody is sorry', 'sorry', { requests: [...row(11, 30, 'rs2'), ...row(30, 60, 'rs1')] }],
];

for (const [title, check, damage] of damages) {
  test(`${title}: ${check} fails, with a hint`, async (t) => {
    const plan = await planOf('health');
    const seen = { ...healthSeen(), ...damage };
    const found = judgeHealth(plan, seen).find(({ id }) => id === check);
    failsWithHint(t, found, plan, /log of ldirectord.*tail .*ldirectord.log.*ipvsadm -Ln/);
  });
}

test('below the quorum the sorry server must answer for the other real servers as well', async (t) => {
  const plan = await planOf('checked');
  const strict: Plan = { ...plan, health: { ...healthOf(plan), quorum: 3, hysteresis: 0 } };
  t.deepEqual(failed(strict, healthSeen()), ['health-answers']);
  const sorry = [...row(0, 11, undefined), ...row(11, 30, 'sorry'), ...row(30, 40, 'rs1'), ...row(40, 60, 'sorry')];
  t.deepEqual(failed(strict, { ...healthSeen(), requests: sorry }), []);
});

test('where no service has pages, the table alone is judged', async (t) => {
  const plan = await planOf('checked');
  const mail: Plan = { ...plan, services: plan.services.filter(({ endpoints }) => endpoints[0]?.backend === 'smtp') };
  const seen = { ...healthSeen(), requests: [], allOut: undefined };
  t.deepEqual(
    judgeHealth(mail, seen).map(({ id, ok, observed }) => [id, ok, observed]),
    [
      ['health-out', true, 'rs1 was out after 1.2 s'],
      ['health-back', true, 'rs1 was back after 0.8 s'],
    ],
  );
  t.deepEqual(failed(mail, { ...seen, secondsOut: 99 }), ['health-out']);
});

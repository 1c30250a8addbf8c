import test from 'ava';
import type { Plan } from '../../scripts/plan/plan.ts';
import { judgeDrill } from '../../scripts/verify/checks/health.ts';
import { type DrillSeen, mostSlack, parseLoad, slackOf } from '../../scripts/verify/drill-seen.ts';
import { planOf } from '../render/golden.ts';

/** A request every half second; whom it meets is told by the time. */
const row = (from: number, to: number, server: string | undefined) =>
  Array.from({ length: (to - from) * 2 }, (_, at) => ({ start: from + at / 2, end: from + at / 2 + 0.1, server }));

const good = (): DrillSeen => ({
  server: 'rs1',
  visits: [],
  requests: [...row(0, 11, undefined), ...row(11, 30, 'rs2'), ...row(30, 40, 'rs1'), ...row(40, 60, 'sorry')],
  secondsOut: 1.2,
  secondsBack: 0.8,
  failed: 10,
  out: 11,
  mended: 20,
  back: 21,
  allOut: 41,
  allMended: 50,
});

const failed = (plan: Plan, seen: DrillSeen) =>
  judgeDrill(plan, seen)
    .filter(({ ok }) => !ok)
    .map(({ id }) => id);

test('failures that are noticed in time pass, and say how long it took', async (t) => {
  const plan = await planOf('health');
  t.deepEqual(failed(plan, good()), []);
  t.is(judgeDrill(plan, good())[0]?.observed, 'rs1 after 1.2 s, 2 of 2 requests failed until then');
});

const damages: [title: string, check: string, damage: Partial<DrillSeen>][] = [
  ['it stays in the table', 'health-out', { secondsOut: undefined }],
  ['it is noticed too late', 'health-out', { secondsOut: 9 }],
  ['a request fails though it is out', 'health-answers', { requests: [...good().requests, ...row(12, 13, undefined)] }],
  ['it answers though it is out', 'health-answers', { requests: [...good().requests, ...row(12, 13, 'rs1')] }],
  ['nobody asked meanwhile', 'health-answers', { mended: 11 }],
  ['it is taken in again too late', 'health-back', { secondsBack: 7.1 }],
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
    const seen = { ...good(), ...damage };
    t.true(failed(plan, seen).includes(check), String(failed(plan, seen)));
    for (const { ok, hint } of judgeDrill(plan, seen)) if (!ok) t.truthy(hint);
  });
}

test('what the load prints', (t) => {
  t.deepEqual(
    parseLoad(
      '@@request 1.50 1.62 <h1>This is real server rs1</h1>\n@@request 2.00 2.10 <h1>This is the sorry server</h1>\n@@request 3.00 4.00 curl: (28) Timeout\n@@request 4.00 4.10 \n',
    ),
    [
      { start: 1.5, end: 1.62, server: 'rs1' },
      { start: 2, end: 2.1, server: 'sorry' },
      { start: 3, end: 4, server: undefined, instead: 'curl: (28) Timeout' },
      { start: 4, end: 4.1, server: undefined, instead: 'an empty page' },
    ],
  );
});

test('slow answers before the failure make the slack longer, others do not', (t) => {
  const answers = (took: number, count: number) =>
    Array.from({ length: count }, (_, at) => ({ start: at, end: at + took, server: 'rs1' }));
  const unanswered = answers(3, 20).map((one) => ({ ...one, server: undefined }));
  t.is(slackOf(answers(0.02, 9), 100), 2);
  t.is(slackOf(answers(0.09, 9), 100), 5);
  t.is(slackOf([...answers(0.02, 9), ...answers(0.9, 3)], 100), 2, 'a few slow ones do not');
  t.is(slackOf([...answers(0.02, 9), ...unanswered], 100), 2, 'nor those that nobody answered');
  t.is(slackOf(answers(0.9, 9), 0.5), 2, 'nor those behind the failure');
  t.is(slackOf(answers(9, 9), 100), mostSlack);
});

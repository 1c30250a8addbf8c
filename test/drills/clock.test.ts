import test from 'ava';
import { judgeWrongClock } from '../../scripts/drills/clock/judge.ts';
import { parseWrongClock, type WrongClockSeen } from '../../scripts/drills/clock/seen.ts';
import { failsWithHint } from '../checks/fails-with-hint.ts';
import { planOf } from '../render/golden.ts';
import { clockSeen } from './seen/clock.ts';

test('what the script prints that sets a clock wrong', (t) => {
  const said = '2026-11-25T15:57:53Z System clock wrong by -0.000008 seconds (ignored)\n';
  t.deepEqual(parseWrongClock('node1', `@@wrong 4059 6000\n@@right 4290\n${said}`), clockSeen);
  const late = `${said.replace('-0.000008', '0.310000')}${said}`;
  t.deepEqual(
    parseWrongClock('node1', `@@wrong 4059 6000\n@@right 4290\n${late}`),
    clockSeen,
    'the best answer counts',
  );
  t.deepEqual(parseWrongClock('node1', '@@wrong 4059 6000\n'), {
    ...clockSeen,
    corrected: undefined,
    offset: undefined,
  });
});

test('a clock that comes right passes, and says how long it took', async (t) => {
  const { ok, observed } = judgeWrongClock(await planOf('nat-centos'), clockSeen);
  t.true(ok);
  t.is(observed, 'node1 was 60.0 s ahead, corrected after 2.3 s (0.000 s off)');
});

const damages: [title: string, damage: Partial<WrongClockSeen>, hint: RegExp][] = [
  [
    'it stays wrong',
    { corrected: undefined, offset: undefined },
    /chrony on node1 did not set the clock; npx lab ssh nat-centos node1 -- journalctl/,
  ],
  ['it takes too long', { corrected: 31 }, /late or wrong/],
  ['it is not the director’s time', { offset: 0.4 }, /late or wrong/],
  [
    'the director does not tell the time',
    { offset: undefined },
    /did not answer node1.*lab ssh nat-centos director -- systemctl status chrony/,
  ],
  ['it was never wrong', { ahead: 0 }, /could not be set wrong/],
];

for (const [title, damage, hint] of damages) {
  test(`${title}: clock-mended fails, with a hint`, async (t) => {
    const plan = await planOf('nat-centos');
    failsWithHint(t, judgeWrongClock(plan, { ...clockSeen, ...damage }), plan, hint);
  });
}

import test from 'ava';
import { judgeWrongClock } from '../../scripts/drills/clock/judge.ts';
import { parseWrongClock, type WrongClockSeen } from '../../scripts/drills/clock/seen.ts';
import { hintText } from '../checks/hint-text.ts';
import { planOf } from '../render/golden.ts';

const good: WrongClockSeen = { node: 'node1', ahead: 60, mended: 2.31, offset: 0.000008 };

test('what the script prints that sets a clock wrong', (t) => {
  const said = '2026-11-25T15:57:53Z System clock wrong by -0.000008 seconds (ignored)\n';
  t.deepEqual(parseWrongClock('node1', `@@wrong 4059 6000\n@@right 4290\n${said}`), good);
  const late = `${said.replace('-0.000008', '0.310000')}${said}`;
  t.deepEqual(parseWrongClock('node1', `@@wrong 4059 6000\n@@right 4290\n${late}`), good, 'the best answer counts');
  t.deepEqual(parseWrongClock('node1', '@@wrong 4059 6000\n'), { ...good, mended: undefined, offset: undefined });
});

test('a clock that comes right passes, and says how long it took', async (t) => {
  const { ok, observed } = judgeWrongClock(await planOf('nat-centos'), good);
  t.true(ok);
  t.is(observed, 'node1 was 60.0 s ahead, right again after 2.3 s (0.000 s off)');
});

const damages: [title: string, damage: Partial<WrongClockSeen>][] = [
  ['it stays wrong', { mended: undefined, offset: undefined }],
  ['it takes too long', { mended: 31 }],
  ['it is not the director’s time', { offset: 0.4 }],
  ['the director does not tell the time', { offset: undefined }],
  ['it was never wrong', { ahead: 0 }],
];

for (const [title, damage] of damages) {
  test(`${title}: clock-mended fails, with a hint`, async (t) => {
    const { ok, hint } = judgeWrongClock(await planOf('nat-centos'), { ...good, ...damage });
    t.false(ok);
    t.regex(hintText(hint, 'nat-centos'), /lab ssh nat-centos node1 -- journalctl -u chrony/);
  });
}

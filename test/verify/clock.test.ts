import test from 'ava';
import { judgeWrongClock } from '../../scripts/verify/checks/clock.ts';
import { parseClock, parseWrongClock, type WrongClockSeen } from '../../scripts/verify/clock-seen.ts';
import { hintText } from '../checks/hint-text.ts';
import { planOf } from '../render/golden.ts';

const tracking =
  '0A0A0001,10.10.0.1,9,1795622236.592579194,-0.000112191,0.000178769,0.000330869,0.000,-125.133,1000000.000,0.002220821,1.189696193,1.0,Normal';
const source = '^,*,10.10.0.1,8,0,77,0,0.000284498,0.000463267,0.001116663';

test('what chronyc prints', (t) => {
  const right = { source: '10.10.0.1', offset: 0.000112191, synchronised: true, selected: true, error: undefined };
  t.deepEqual(parseClock(`${tracking}\n${source}\n`), right);
  t.deepEqual(parseClock(`${tracking}\n${source.replace('*', '?')}\n`), { ...right, selected: false });
  const nobody =
    '00000000,,0,0.000000000,0.000000000,0.000000000,0.000000000,0.000,0.000,0.000,1.000000000,1.000000000,0.0,Not synchronised';
  t.like(parseClock(nobody), { source: undefined, synchronised: false, selected: false });
  t.is(parseClock('506 Cannot talk to daemon\n').error, '506 Cannot talk to daemon');
});

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

import test from 'ava';
import { parseClock } from '../../scripts/checks/clock/look.ts';

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

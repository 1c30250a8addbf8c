import test from 'ava';
import { DrawError, drawn } from '../../scripts/exercise/draw.ts';
import type { Draw } from '../../scripts/exercise/draw-schema.ts';
import { isHostOf } from '../../scripts/model/addresses.ts';

const draw: Draw = {
  scheduler: ['rr', 'wrr', 'lc'],
  count: '3..5',
  net: { network: '10.0.0.0/8' },
  vip: { host: 'net' },
  rip: { host: 'net', between: '10..12' },
  weights: { weights: 3, of: '2..6' },
};
const of = (student: string, course = '', exercise = 'x', what = draw) => drawn(what, exercise, { course, student });

test('a drawing is the same for the same course, exercise and student, today and later', (t) => {
  t.deepEqual(of('Ada'), {
    scheduler: 'wrr',
    count: 4,
    net: '10.129.107.0/24',
    vip: '10.129.107.76',
    rip: '10.129.107.12',
    weights: [2, 3, 6],
  });
  for (const other of [of('Bob'), of('Ada', 'networks'), of('Ada', '', 'y')]) t.notDeepEqual(other, of('Ada'));
});

test('one name more changes no value of the others', (t) => {
  const { added, ...others } = of('Ada', '', 'x', { added: ['a', 'b'], ...draw });
  t.truthy(added);
  t.deepEqual(others, of('Ada'));
});

test('addresses are hosts of their network and all different, weights have no common divisor', (t) => {
  const seen = new Set<unknown>();
  for (let at = 0; at < 500; at++) {
    const { net, vip, rip, weights, count, scheduler } = of(`student ${at}`);
    t.true(isHostOf(String(vip), String(net)) && isHostOf(String(rip), String(net)));
    t.not(vip, rip);
    t.is(new Set(weights as number[]).size, 3);
    t.false((weights as number[]).every((one) => one % 2 === 0));
    for (const one of [count, scheduler, ...(weights as number[])]) seen.add(one);
  }
  t.deepEqual([...seen].map(String).sort(), ['2', '3', '4', '5', '6', 'lc', 'rr', 'wrr']);
});

test('what cannot be drawn is told with its name', (t) => {
  const impossible = (what: Draw) => {
    const error = t.throws(() => of('Ada', '', 'x', what), { instanceOf: DrawError });
    return `${error.key}: ${error.message}`;
  };
  t.is(impossible({ vip: { host: 'net' } }), 'vip: no network net is drawn above it');
  t.is(impossible({ few: '5..3' }), 'few: 5..3 is empty');
  t.is(
    impossible({ net: { network: '10.0.0.0/24', prefix: 16 } }),
    'net: 10.0.0.0/24 has no IPv4 network of 16 bits inside',
  );
  t.is(
    impossible({
      net: { network: '10.0.0.0/8' },
      a: { host: 'net', between: '7..7' },
      b: { host: 'net', between: '7..7' },
    }),
    'b: all addresses of 7..7 are drawn already',
  );
  t.regex(impossible({ net: { network: '10.0.0.0/8', prefix: 30 }, a: { host: 'net' } }), /^a: 4\.\.99 has numbers/);
  t.is(impossible({ w: { weights: 3, of: '1..2' } }), 'w: 1..2 has too few numbers for 3 different weights');
});

import test from 'ava';
import fc from 'fast-check';
import { predict } from '../../scripts/ipvs/predict.ts';
import type { Service } from '../../scripts/model/lab.ts';

const service = (over: Partial<Service> = {}): Service => ({
  vip: '192.168.1.3',
  port: 80,
  protocol: 'tcp',
  scheduler: 'rr',
  flags: [],
  persistence: 0,
  ...over,
});

test('rr goes through the kernel’s list and leaves out weight 0', (t) => {
  const candidates = [
    { name: 'c', weight: 1 },
    { name: 'b', weight: 0 },
    { name: 'a', weight: 5 },
  ];
  t.deepEqual(predict(service(), candidates), { kind: 'cycle', order: ['c', 'a'] });
});

test('wrr: a window of Σw/gcd picks holds each server w/gcd times', (t) => {
  const weights = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(weights, fc.integer({ min: 1, max: 9 }), (base, factor) => {
      const candidates = base.map((weight, index) => ({ name: `rs${index}`, weight: weight * factor }));
      const prediction = predict(service({ scheduler: 'wrr' }), candidates);
      if (prediction.kind !== 'window') return false;
      const total = [...prediction.shares.values()].reduce((sum, share) => sum + share, 0);
      const able = candidates.filter(({ weight }) => weight > 0);
      const [first] = able;
      const proportional = able.every(
        ({ name, weight }) =>
          (prediction.shares.get(name) ?? 0) * (first?.weight ?? 0) ===
          (prediction.shares.get(first?.name ?? '') ?? 0) * weight,
      );
      return total === prediction.window && prediction.shares.size === able.length && proportional;
    }),
  );
  t.pass();
});

test('one client is one server for persistence and for hashes of its address', (t) => {
  const candidates = [{ name: 'a', weight: 1 }];
  t.is(predict(service({ persistence: 300 }), candidates).kind, 'one');
  t.is(predict(service({ scheduler: 'sh' }), candidates).kind, 'one');
  t.is(predict(service({ scheduler: 'sh', flags: ['sh-port'] }), candidates).kind, 'any');
  t.is(predict(service({ scheduler: 'lc' }), candidates).kind, 'any');
});

import test from 'ava';
import { type KnownState, type PredictedService, predictions } from '../../scripts/ipvs/predict.ts';

const service = (over: Partial<PredictedService> = {}): PredictedService => ({
  vip: '192.168.1.3',
  scheduler: 'rr',
  flags: [],
  persistence: 0,
  persistenceGranularity: '',
  ...over,
});

const state = (over: Partial<KnownState> = {}): KnownState => ({
  servers: ['a', 'b', 'c'].map((name, at) => ({ name, address: `192.168.1.${4 + at}`, port: 80, weight: 3 - at })),
  unused: true,
  nextExpiry: Number.POSITIVE_INFINITY,
  bound: new Map(),
  ...over,
});

const row = (count: number, client = '192.168.1.100') =>
  Array.from({ length: count }, (_, at) => ({ client, clientPort: 10000 + at, held: false }));

const texts = (service: PredictedService, known: KnownState, count: number) =>
  predictions(service, known, row(count), 5, 120)?.map((picks) => picks.join(''));

test('an unused table has one sequence; in a used table the position of rr and wrr is unknown', (t) => {
  t.deepEqual(texts(service(), state(), 4), ['cbac']);
  t.deepEqual(texts(service(), state({ unused: false }), 4), ['cbac', 'bacb', 'acba']);
  t.deepEqual(texts(service({ scheduler: 'wrr' }), state({ unused: false }), 6), [
    'cbaaba',
    'baabac',
    'aabacb',
    'abacba',
    'bacbaa',
    'acbaab',
  ]);
});

test('counts of a used table are known, unless some are forgotten meanwhile', (t) => {
  const used = state().servers.map((server, at) => ({ ...server, inactive: 3 - at }));
  const wlc = service({ scheduler: 'wlc' });
  t.deepEqual(texts(wlc, state({ unused: false, servers: used, nextExpiry: 60 }), 6), ['cbaaba']);
  t.is(texts(wlc, state({ unused: false, servers: used, nextExpiry: 3 }), 6), undefined);
});

test('a threshold: whether a server between its bounds is full is not visible', (t) => {
  const wrr = service({ scheduler: 'wrr' });
  const full = (inactive: number) =>
    state({
      unused: false,
      nextExpiry: 60,
      servers: state().servers.map((server) =>
        server.name === 'a' ? { ...server, upper: 4, lower: 2, inactive } : server,
      ),
    });
  t.true(texts(wrr, full(4), 3)?.every((text) => !text.includes('a')));
  t.is(texts(wrr, full(3), 3), undefined);
  t.true(texts(wrr, full(1), 3)?.some((text) => text.includes('a')));
});

test('persistence: a client that is not bound any more is scheduled where the scheduler stands now', (t) => {
  const sticky = service({ persistence: 300 });
  t.deepEqual(texts(sticky, state({ unused: false }), 3), ['ccc', 'bbb', 'aaa']);
});

test('persistence granularity: the template is bound to the network', (t) => {
  const sticky = service({ persistence: 300, persistenceGranularity: '255.255.255.0' });
  t.deepEqual(texts(sticky, state({ unused: false, bound: new Map([['192.168.1.0', 'b']]) }), 2), ['bb']);
  const picks = predictions(sticky, state(), [...row(1), ...row(1, '192.168.1.7'), ...row(1, '10.0.0.1')], 5, 120);
  t.deepEqual(picks, [['c', 'c', 'b']]);
});

test('no prediction if connections expire before the last one', (t) => {
  t.is(predictions(service({ scheduler: 'wlc' }), state(), row(3), 5, 2), undefined);
  t.truthy(predictions(service({ scheduler: 'wrr' }), state(), row(3), 5, 2));
});

test('one-packet scheduling: counts never grow, so lc and its kin stay with the first', (t) => {
  const packets = row(4).map((one) => ({ ...one, onePacket: true }));
  t.deepEqual(predictions(service({ scheduler: 'lc' }), state(), packets, 5, 300), [['c', 'c', 'c', 'c']]);
  t.deepEqual(predictions(service(), state(), packets, 5, 300), [['c', 'b', 'a', 'c']]);
});

test('persistence granularity of IPv6: so many bits', (t) => {
  const sticky = service({ vip: 'fd00::3', persistence: 300, persistenceGranularity: '64' });
  const known = state({ unused: false, bound: new Map([['fd00:1::', 'b']]) });
  t.deepEqual(predictions(sticky, known, row(2, 'fd00:1::100'), 5, 300), [['b', 'b']]);
});

test('twos has no prediction', (t) => {
  t.is(texts(service({ scheduler: 'twos' }), state(), 6), undefined);
});

test('persistence: a bound client stays, another is scheduled once', (t) => {
  const sticky = service({ persistence: 300 });
  t.deepEqual(texts(sticky, state(), 4), ['cccc']);
  t.deepEqual(texts(sticky, state({ unused: false, bound: new Map([['192.168.1.100', 'a']]) }), 4), ['aaaa']);
});

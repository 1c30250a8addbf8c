import test from 'ava';
import { asPlanned, plannedState } from '../../scripts/state/planned.ts';
import type { StateEntry } from '../../scripts/state/state.ts';
import { tell } from '../../scripts/state/tell.ts';
import { planOf } from '../render/golden.ts';

const told = (before: StateEntry[], after: StateEntry[]) =>
  tell('rs1', before, after).map(({ section, key, before: was, after: is }) => `${section} ${key}: ${was} → ${is}`);

test('without a record, what a plan says of a real server is compared, and nothing else', async (t) => {
  const plan = await planOf('dr');
  const node = plan.nodes.find(({ name }) => name === 'rs1');
  if (!node) throw new Error('no rs1');
  const planned = plannedState(plan, node);
  const after = [
    { section: 'link', key: 'front up', value: 'yes' },
    { section: 'link', key: 'front mac', value: '02:00:00:00:00:01' },
    { section: 'address', key: 'front 192.168.1.4/24', value: 'broadcast 192.168.1.255 scope global' },
    { section: 'sysctl', key: 'net.ipv4.conf.all.arp_ignore', value: '0' },
  ];
  t.deepEqual(told(asPlanned(planned, after), after), [
    'link front mac: 52:54:00:01:05:01 → 02:00:00:00:00:01',
    'address lo 192.168.1.3/32: scope global → undefined',
  ]);
  t.deepEqual(told(asPlanned(planned, planned), planned), []);
});

test('the plan says which table a director has, unless health checks change it', async (t) => {
  const tables = async (lab: string) => {
    const plan = await planOf(lab);
    const node = plan.nodes.find(({ role }) => role === 'director');
    return node ? plannedState(plan, node).filter(({ section }) => section === 'ipvs') : [];
  };
  t.deepEqual((await tables('dr'))[0], { section: 'ipvs', key: '-t 192.168.1.3:80', value: '-s rr' });
  t.deepEqual(await tables('health'), []);
});

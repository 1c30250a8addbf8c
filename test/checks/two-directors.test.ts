import test from 'ava';
import { printedBy } from '../../scripts/checks/looks/script.ts';
import { parseDaemons } from '../../scripts/checks/sync-daemons/look.ts';
import { vrrpStates } from '../../scripts/checks/vrrp/look.ts';
import { theNode } from '../../scripts/plan/plan.ts';
import { planOf } from '../render/golden.ts';

test('what keepalived takes a director for, and nothing where it does not run', async (t) => {
  const plan = await planOf('ha');
  const parsed = (text: string) => {
    const printed = printedBy([`@@look vrrp after\n${text}@@look end\n`])(vrrpStates);
    return vrrpStates.parse(printed, plan, theNode(plan, 'director'));
  };
  t.deepEqual(parsed('   State = MASTER\n   State = FAULT\n'), ['MASTER', 'FAULT']);
  t.deepEqual(parsed(''), []);
});

test('what ipvsadm prints of the sync daemons', (t) => {
  const text =
    'master sync daemon (mcast=eth0, syncid=1, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)\nbackup sync daemon (mcast=eth0, syncid=1, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)\n';
  const what = 'mcast=eth0, syncid=1, maxlen=1472, group=224.0.0.81, port=8848, ttl=1';
  t.deepEqual(
    [...parseDaemons(text)],
    [
      ['master', what],
      ['backup', what],
    ],
  );
});

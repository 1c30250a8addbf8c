import test from 'ava';
import { parseOneOfTwo } from '../../scripts/verify/parse-observations.ts';

test('what a director of two tells', (t) => {
  const seen = parseOneOfTwo(`@@state
   State = MASTER
@@daemons
master sync daemon (mcast=eth0, syncid=1, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)
@@addresses
eth0 UP 192.168.1.2/24 192.168.1.3/32
@@table
@@rules
@@thresholds
`);
  t.is(seen.state, 'MASTER');
  t.deepEqual([...seen.daemons], [['master', 'mcast=eth0, syncid=1, maxlen=1472, group=224.0.0.81, port=8848, ttl=1']]);
  t.deepEqual(seen.addresses[0]?.addresses, ['192.168.1.2/24', '192.168.1.3/32']);
});

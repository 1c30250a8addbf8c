import { nicOn, nodesOf, theNode, vipsOf } from '../plan/plan.ts';
import { ended, endingDifferences, packetsAt } from './ended.ts';
import type { Fault } from './fault.ts';
import { chain, dropTable, setTable } from './own-table.ts';
import { sh } from './sh.ts';
import { answersFor } from './witness.ts';

export const splitBrain: Fault = {
  id: 'split-brain',
  family: 'ha',
  title: 'a firewall on the second director drops the advertisements of the first',
  cause: 'The second director takes the first for dead, and takes the VIP too. Both answer ARP for it.',
  sign: (change) => {
    const all = [...packetsAt(change, 'in', ['other']), ...packetsAt(change, 'out', ['other'])];
    return endingDifferences(
      change,
      ended(
        change,
        all.filter(({ protocol }) => protocol === 'vrrp'),
      ),
    );
  },
  places: (plan) => {
    const active = theNode(plan, 'director');
    const backup = nodesOf(plan, 'director').find(({ name }) => name !== active.name);
    const vip = vipsOf(plan)[0] ?? '';
    if (!backup) return [];
    const on = backup.name;
    const rule = plan.family === 6 ? 'ip6 nexthdr 112 drop' : 'ip protocol 112 drop';
    const has = sh`ip -oneline address show to ${vip} | grep -q .`;
    const wait = (until: string) => `for _ in $(seq 300); do ! { ${until}; } || break; sleep 0.2; done; ${until}`;
    return [
      {
        name: on,
        nodes: [on],
        make: [setTable(on, 'inet vrrp', chain('input', rule)), { on, run: wait(has) }],
        mend: [dropTable(on, 'inet vrrp'), { on, run: wait(`! ${has}`) }],
        witness: answersFor(
          plan,
          vip,
          [active, backup].map((node) => nicOn(node, 'front').mac),
        ),
        symptom: { kind: 'varies' },
      },
    ];
  },
};

import { serversBy } from '../plan/plan.ts';
import { vipsOn } from '../plan/vip-device.ts';
import { ended, endingDifferences, packetsAt } from './ended.ts';
import type { Fault } from './fault.ts';
import { chain, dropTable, setTable } from './own-table.ts';
import { clientAddress } from './servers.ts';
import { sh } from './sh.ts';
import type { Sign } from './sign.ts';
import { fails } from './symptom.ts';

/** Answers end, and what the real server sends from its own address does not. */
const onlyAnswersEnd: Sign = (change) => {
  const answers = ended(change, packetsAt(change, 'out', ['answer']));
  const checked = ended(change, packetsAt(change, 'out', ['checked']));
  return checked.length > 0 ? [] : endingDifferences(change, answers);
};

export const firewallAnswersDrop: Fault = {
  id: 'firewall-answers-drop',
  family: 'firewall',
  title: 'a firewall on a real server lets only packets from its RIP out',
  cause:
    'Answers have the VIP as source, and the firewall lets none of them out. Health checks are answered from the RIP, so they find nothing wrong.',
  sign: onlyAnswersEnd,
  places: (plan) =>
    serversBy(plan, 'dr', 'tun').map(({ node }) => {
      const vips = vipsOn(plan, node);
      const source = plan.family === 6 ? 'ip6 saddr' : 'ip saddr';
      // Packets to the real server itself still pass.
      const rule = `oifname != lo ${source} { ${vips.join(', ')} } drop`;
      return {
        name: node,
        nodes: [node],
        make: [setTable(node, 'inet spoof', chain('output', rule))],
        mend: [dropTable(node, 'inet spoof')],
        witness: {
          on: node,
          run: sh`ping -c 1 -W 1 -I ${vips[0] ?? ''} ${clientAddress(plan)} 2>&1 | grep -qi 'not permitted'`,
        },
        symptom: fails(plan, [node]),
      };
    }),
};

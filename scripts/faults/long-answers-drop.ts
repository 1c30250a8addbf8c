import type { Fault, Place } from './fault.ts';
import { longEnded } from './long-ended.ts';
import { chain, dropTable, setNicTable } from './own-table.ts';
import { nearServers } from './servers.ts';
import { sharesOf } from './symptom.ts';
import { onlyShort } from './witness.ts';

export const longAnswersDrop: Fault = {
  id: 'long-answers-drop',
  family: 'mtu',
  title: 'packets of more than 1200 bytes are lost on their way out of a real server',
  cause: 'No ICMP error tells the sender, so it sends the same long packet again and again. Short answers arrive.',
  sign: longEnded('out', 'answer'),
  places: (plan) =>
    nearServers(plan).map(({ server: { node, address }, director }): Place => {
      return {
        name: node,
        nodes: [node],
        make: [
          setNicTable(
            node,
            address,
            'inet shorter',
            chain('postrouting', 'oifname "$nic" meta length > 1200 drop', 'raw'),
          ),
        ],
        mend: [dropTable(node, 'inet shorter')],
        witness: onlyShort(director.name, address),
        symptom: { kind: 'long fails', of: sharesOf(plan, [node]), long: 'answers' },
      };
    }),
};

import type { Fault } from './fault.ts';
import { nearServers } from './servers.ts';
import { onNic, sh } from './sh.ts';
import { changed } from './sign.ts';
import { answersAt } from './witness.ts';

/** The second bit marks it as given by hand. */
const other = '02:00:00:00:05:99';

export const nicAddressWrong: Fault = {
  id: 'nic-address-wrong',
  family: 'line',
  title: 'the NIC of a real server has another MAC address',
  cause:
    'Machines that know the old one send their frames to a NIC that is not there any more, until they ask again. Who finds machines by their MAC addresses, as switches and inventories do, never finds it.',
  sign: changed('link', /^(front|back|remote) mac$/, {}),
  places: (plan) =>
    nearServers(plan)
      .filter(({ nic }) => plan.family === 4 || nic.network === 'front')
      .map(({ server: { node, address }, nic: { mac, network } }) => ({
        name: node,
        nodes: [node],
        make: [onNic(node, address, sh`ip link set "$nic" address ${other}`)],
        mend: [onNic(node, address, sh`ip link set "$nic" address ${mac}`)],
        witness: answersAt(plan, network, address, [other]),
        symptom: { kind: 'varies' },
      })),
};

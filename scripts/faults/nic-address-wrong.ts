import type { Fault } from './fault.ts';
import { nearServers } from './servers.ts';
import { onNic, sh } from './sh.ts';
import { changed } from './sign.ts';
import { answersAt } from './witness.ts';

/** The second bit of this MAC marks it as locally administered. */
const other = '02:00:00:00:05:99';

export const nicAddressWrong: Fault = {
  id: 'nic-address-wrong',
  family: 'line',
  title: 'the NIC of a real server has another MAC address',
  cause:
    'Machines that know the old MAC address send their frames to it until they ask again. Switches and inventories that find machines by MAC address never find this one.',
  sign: (change) => {
    const macs = change.plan.nodes
      .filter(({ name }) => name === change.node)
      .flatMap(({ nics }) => nics.map(({ mac }) => mac));
    return changed('link', /^(front|back|remote) mac$/, {})(change).filter(({ after = '' }) => !macs.includes(after));
  },
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

import type { CheckKind, Judge } from './check-kind.ts';
import type { Hint } from './hint.ts';
import { type NicSeen, nics } from './looks/nics.ts';

/** Ethernet's MTU, which every lab NIC has: a lab file cannot set another. */
const planned = 1500;

const judge: Judge = (plan, seen) => {
  const all = plan.nodes.flatMap(({ name: node, nics: own }) => {
    const found = seen.of(nics, node);
    return own.map(({ mac }) => ({ node, mac, nic: found.find((one) => one.mac === mac) }));
  });
  const bad = all.filter(({ nic }) => nic?.mtu !== planned);
  const [first] = bad;
  return [
    {
      title: 'lab NICs send packets of full size',
      ok: first === undefined,
      expected: `MTU ${planned}`,
      observed: first
        ? bad.map(({ node, mac, nic }) => `${node}: ${nic ? `${nic.name} ${nic.mtu}` : `no NIC ${mac}`}`).join(', ')
        : `MTU ${planned} on ${all.length} NICs`,
      ...(first && { hint: hintOf(first.node, first.mac, first.nic) }),
    },
  ];
};

/** The hint is about the first NIC that is wrong. */
function hintOf(node: string, mac: string, nic: NicSeen | undefined): Hint {
  if (!nic)
    return { cause: `${node} has no NIC with the MAC ${mac}`, commands: [{ on: node, run: 'ip link' }], see: [] };
  const verb = nic.mtu < planned ? 'cannot send a packet over' : 'may send a packet of';
  const commands = [{ on: node, run: `ip link set ${nic.name} mtu ${planned}` }];
  return { cause: `${nic.name} of ${node} ${verb} ${nic.mtu} bytes unfragmented`, commands, see: [] };
}

export const mtu: CheckKind = {
  id: 'mtu',
  about: 'the MTU of each lab NIC is 1500 bytes',
  faults: ['small-mtu'],
  looks: [nics],
  judge,
};

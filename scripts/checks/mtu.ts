import { byEffect } from './check.ts';
import type { CheckKind, Judge } from './check-kind.ts';
import { effectLooks, getsThrough } from './effect.ts';
import type { Hint } from './hint.ts';
import { type NicSeen, nics } from './looks/nics.ts';

/** Ethernet's MTU, which every lab NIC has: a lab file cannot set another. */
const planned = 1500;

/** A NIC that sends packets of another size. */
interface Other {
  node: string;
  nic: NicSeen;
}

const judge: Judge = (plan, seen) => {
  const all = plan.nodes.flatMap(({ name: node, nics: own }) =>
    seen
      .of(nics, node)
      .flatMap((nic): Other[] => (nic.isCard && own.some(({ mac }) => mac === nic.mac) ? [{ node, nic }] : [])),
  );
  const others = all.filter(({ nic }) => nic.mtu !== planned);
  const [first] = others;
  const observed = others.map(({ node, nic }) => `${node}: ${nic.name} ${nic.mtu}`).join(', ');
  const works = () => others.every(({ node }) => getsThrough(plan, seen, node));
  return [
    {
      title: 'lab NICs send packets of full size',
      ...byEffect(first === undefined, works, `${observed}, planned ${planned}; requests and answers get through`),
      expected: `MTU ${planned}`,
      observed: first ? observed : `MTU ${planned} on ${all.length} NICs`,
      ...(first && { hint: hintOf(first) }),
    },
  ];
};

/** The hint is about the first NIC that is wrong. */
function hintOf({ node, nic }: Other): Hint {
  const verb = nic.mtu < planned ? 'cannot send a packet over' : 'may send a packet of';
  const commands = [{ on: node, run: `ip link set ${nic.name} mtu ${planned}` }];
  return { cause: `${nic.name} of ${node} ${verb} ${nic.mtu} bytes unfragmented`, commands, see: ['large'] };
}

export const mtu: CheckKind = {
  id: 'mtu',
  about: 'the MTU of each lab NIC is 1500 bytes',
  faults: ['small-mtu'],
  looks: [nics, ...effectLooks],
  judge,
};

import type { Nic, Plan } from '../plan/plan.ts';
import { byEffect } from './check.ts';
import type { CheckKind, Judge } from './check-kind.ts';
import { effectLooks, getsThrough } from './effect.ts';
import { up } from './hint.ts';
import { addresses, holderOf } from './looks/addresses.ts';
import { nics } from './looks/nics.ts';
import type { Observations } from './observations.ts';

/** A lab NIC of the plan: no NIC of its node has its MAC. */
interface Lost {
  node: string;
  mac: string;
  /** The NIC that has its IP address. */
  instead: { name: string; mac: string } | undefined;
}

const judge: Judge = (plan, seen) => {
  const lost = plan.nodes.flatMap(({ name: node, nics: own }) =>
    own
      .filter(({ mac }) => !seen.of(nics, node).some((one) => one.isCard && one.mac === mac))
      .map((nic) => lostOn(plan, seen, node, nic)),
  );
  const [first] = lost;
  const inWords = ({ node, mac, instead }: Lost) =>
    `${node}: ${instead ? `${instead.name} has the MAC ${instead.mac}, planned ${mac}` : `no NIC has the MAC ${mac}`}`;
  const works = () => lost.every(({ node }) => getsThrough(plan, seen, node));
  const observed = lost.map(inWords).join('; ');
  const effect = byEffect(first === undefined, works, `${observed}; requests and answers get through`);
  return [
    {
      title: 'each lab NIC has its planned MAC',
      ...effect,
      expected: 'the MACs of the plan',
      observed: first ? observed : `${plan.nodes.flatMap((node) => node.nics).length} NICs`,
      ...(first && {
        hint: {
          cause: `${first.node} has no NIC with the MAC ${first.mac}`,
          commands: [up(plan), { on: first.node, run: 'ip link' }],
          see: [],
        },
      }),
    },
  ];
};

function lostOn(plan: Plan, seen: Observations, node: string, { mac, address }: Nic): Lost {
  const known = plan.nodes.some(({ name, role }) => name === node && role !== 'site-server');
  const holder = known ? holderOf(seen.of(addresses, node), address)?.name : undefined;
  return { node, mac, instead: seen.of(nics, node).find(({ name }) => name === holder) };
}

export const nic: CheckKind = {
  id: 'nic',
  about: 'each lab NIC is present and has its planned MAC',
  faults: [],
  looks: [nics, addresses, ...effectLooks],
  judge,
};

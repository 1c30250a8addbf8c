import type { Plan, PlannedNode } from '../plan/plan.ts';
import type { CheckKind, Judge } from './check-kind.ts';
import type { Hint, HintCommand } from './hint.ts';
import { addresses, type Interface } from './looks/addresses.ts';
import { nics } from './looks/nics.ts';
import { nameOf } from './nodes.ts';
import type { Observations } from './observations.ts';
import { capture } from './source/look.ts';
import { heardBy } from './source/way.ts';

/** An address that two machines have. */
interface Double {
  address: string;
  owner: string;
  other: string;
  /** The command that removes it from the other machine; missing where no interface with it was seen. */
  remove?: HintCommand;
}

const judge: Judge = (plan, seen) => {
  const doubles = plan.nodes.flatMap((node) =>
    node.nics.flatMap(({ address }) => othersWith(plan, seen, node, address)),
  );
  const [first] = doubles;
  const count = plan.nodes.flatMap((node) => node.nics).length;
  return [
    {
      title: 'no machine has the address of another machine',
      ok: first === undefined,
      expected: 'each address on one machine only',
      observed: first
        ? doubles.map(({ address, owner, other }) => `${address} of ${owner}: ${other} has it as well`).join('; ')
        : `${count} addresses`,
      ...(first && { hint: hintOf(first) }),
    },
  ];
};

/** Which other machines have a machine's address: on an interface, or as sender of what the client heard. */
function othersWith(plan: Plan, seen: Observations, node: PlannedNode, address: string): Double[] {
  const owner = node.name;
  const holders = plan.nodes
    .filter(({ name }) => name !== owner)
    .flatMap((other): Double[] => {
      if (!addresses.on(plan, other)) return [];
      const found = placesOf(seen.of(addresses, other.name), address);
      return found.slice(0, 1).map(({ name, cidr }) => {
        const run = `ip address del ${cidr} dev ${name}`;
        return { address, owner, other: other.name, remove: { on: other.name, run } };
      });
    });
  const heard = heardBy(plan, seen)
    .claims.filter((claim) => claim.address === address)
    .map(({ mac }) => nameOf(plan, seen, mac));
  const strangers = [...new Set(heard)].filter(
    (name) => name !== owner && !holders.some(({ other }) => other === name),
  );
  return [...holders, ...strangers.map((other): Double => ({ address, owner, other }))];
}

function placesOf(interfaces: readonly Interface[], address: string): { name: string; cidr: string }[] {
  return interfaces.flatMap(({ name, addresses: own }) =>
    own.filter((cidr) => cidr.split('/')[0] === address).map((cidr) => ({ name, cidr })),
  );
}

function hintOf({ address, owner, other, remove }: Double): Hint {
  const known = !/^[0-9a-f]{2}:/.test(other);
  const who = known ? other : `${other}, which is not a machine of this lab,`;
  const cause = `${who} also has ${address}, the address of ${owner}`;
  return { cause, commands: [remove ?? { on: 'client', run: `arping -b -c 3 ${address}` }], see: [] };
}

export const oneOwner: CheckKind = {
  id: 'one-owner',
  about: 'no machine has the address of another machine of the lab',
  faults: [],
  looks: [addresses, nics, capture],
  judge,
};

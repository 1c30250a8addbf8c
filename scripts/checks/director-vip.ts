import { nodesOf, type Plan, theNode, vipsOf } from '../plan/plan.ts';
import { byEffect } from './check.ts';
import type { CheckKind, Judge } from './check-kind.ts';
import { effectLooks, worksAsAWhole } from './effect.ts';
import { type Hint, up } from './hint.ts';
import { addresses, holderOf, placeInWords } from './looks/addresses.ts';

const judge: Judge = (plan, seen) => {
  const director = theNode(plan, 'director').name;
  const vips = vipsOf(plan);
  const holders = vips.map((vip) => ({ vip, holder: holderOf(seen.of(addresses, director), vip) }));
  const wrong = holders.filter(({ holder }) => !holder?.up);
  const asPlanned = wrong.length === 0;
  // Where there are two directors, the other one may have it.
  const elsewhere = nodesOf(plan, 'director').find(({ name }) => {
    return name !== director && wrong.some(({ vip }) => holderOf(seen.of(addresses, name), vip));
  })?.name;
  const places = (asPlanned ? holders : wrong).map(({ vip, holder }) => {
    const place = placeInWords(holder);
    return vips.length > 1 ? `${vip} ${place}` : place;
  });
  const works = () => worksAsAWhole(plan, seen);
  const effect = byEffect(asPlanned, works, `${places.join(', ')}; IPVS gets every request`);
  return [
    {
      title: `the director has the VIP${vips.length > 1 ? 's' : ''}`,
      ...effect,
      expected: `${vips.join(', ')} on an interface that is up`,
      observed: places.join(', '),
      ...(!effect.ok && { hint: hintOf(plan, elsewhere) }),
    },
  ];
};

/** @param elsewhere another director that has the VIP */
function hintOf(plan: Plan, elsewhere: string | undefined): Hint {
  if (elsewhere) return { cause: `${elsewhere} has the VIP`, commands: [], see: ['vrrp'] };
  const cause = 'a director takes requests only for addresses that it has';
  return { cause, commands: [up(plan), { on: theNode(plan, 'director').name, run: 'ip -brief address' }], see: [] };
}

export const directorVip: CheckKind = {
  id: 'director-vip',
  about: 'the director has each VIP on an interface that is up',
  faults: [],
  looks: [addresses, ...effectLooks],
  judge,
};

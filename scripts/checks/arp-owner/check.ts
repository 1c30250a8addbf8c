import { nicOn, nodesOf, theNode, vipsOf } from '../../plan/plan.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { nameOf, ofVip } from '../nodes.ts';
import { owners } from './look.ts';

const judge: Judge = (plan, seen) => {
  const expected = nicOn(theNode(plan, 'director'), 'front').mac;
  const found = seen.of(owners, theNode(plan, 'client').name);
  const vips = vipsOf(plan);
  const protocol = plan.family === 6 ? 'neighbour solicitations' : 'ARP';
  const ownersOf = (vip: string) => found.get(vip) ?? [];
  const wrong = vips.filter((vip) => ownersOf(vip).length !== 1 || ownersOf(vip)[0] !== expected);
  const ok = wrong.length === 0;
  const answersFor = (vip: string) => {
    const names = ownersOf(vip).map((mac) => nameOf(plan, mac));
    return ofVip(vips, vip, names.length > 0 ? `answers from ${names.join(', ')}` : 'no answer');
  };
  const thieves = new Set(wrong.flatMap((vip) => ownersOf(vip).map((mac) => nameOf(plan, mac))));
  thieves.delete('director');
  const cure = protocol === 'ARP' ? 'arp_ignore=1 and arp_announce=2, and the VIP on no NIC,' : 'the VIP on no NIC';
  return [
    {
      title: `only the director answers ${protocol} for the VIP${vips.length > 1 ? 's' : ''}`,
      ok,
      expected: 'answers from director',
      observed: ok ? 'answers from director' : wrong.map(answersFor).join('; '),
      ...(!ok && {
        hint: nodesOf(plan, 'director').some(({ name }) => thieves.has(name))
          ? `both directors may have the VIP, or the wrong one: see vrrp`
          : thieves.size > 0
            ? `the client believes whoever is quickest: ${cure} on ${[...thieves].join(', ')}`
            : 'the director lacks the VIP, or its NIC is down: see director-vip',
      }),
    },
  ];
};

export const arpOwner: CheckKind = {
  id: 'arp-owner',
  about: 'only the director answers who has the VIP',
  faults: [],
  looks: [owners],
  judge,
};

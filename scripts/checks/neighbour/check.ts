import { nicOn, theNode, vipsOf } from '../../plan/plan.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { isDirector, nameOf, ofVip } from '../nodes.ts';
import { neighbours } from './look.ts';

const judge: Judge = (plan, seen) => {
  const expected = nicOn(theNode(plan, 'director'), 'front').mac;
  const entries = seen.of(neighbours, theNode(plan, 'client').name);
  const vips = vipsOf(plan);
  const wrong = vips.filter((vip) => entries.get(vip) !== expected);
  const thief = wrong.map((vip) => entries.get(vip)).find((mac) => mac !== undefined);
  const entryOf = (vip: string) => {
    const mac = entries.get(vip);
    return ofVip(vips, vip, mac ? `${mac} (${nameOf(plan, mac)})` : 'no entry');
  };
  const ok = wrong.length === 0;
  return [
    {
      title: `the client takes the VIP${vips.length > 1 ? 's' : ''} for the director`,
      ok,
      expected: `neighbour entry ${expected}`,
      observed: (ok ? vips : wrong).map(entryOf).join(', '),
      ...(!ok && {
        hint: isDirector(plan, thief)
          ? `${nameOf(plan, thief ?? '')} has the VIP: see vrrp`
          : thief
            ? `${nameOf(plan, thief)} answered for the VIP and gets all requests, past IPVS: see arp-quiet`
            : 'nobody answered for the VIP: see director-vip',
      }),
    },
  ];
};

export const neighbour: CheckKind = {
  id: 'neighbour',
  about: 'the client’s neighbour entry of each VIP has the director’s MAC',
  faults: [],
  looks: [neighbours],
  judge,
};

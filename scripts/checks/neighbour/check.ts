import { nicOn, type Plan, serversBy, theNode, vipsOf } from '../../plan/plan.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import type { Hint } from '../hint.ts';
import { nics } from '../looks/nics.ts';
import { isDirector, nameOf, ofVip } from '../nodes.ts';
import type { Observations } from '../observations.ts';
import { neighbours } from './look.ts';

const judge: Judge = (plan, seen) => {
  const expected = nicOn(theNode(plan, 'director'), 'front').mac;
  const entries = seen.of(neighbours, theNode(plan, 'client').name);
  const vips = vipsOf(plan);
  const director = theNode(plan, 'director').name;
  const wrong = vips.filter((vip) => nameOf(plan, seen, entries.get(vip) ?? '') !== director);
  const thief = wrong.map((vip) => entries.get(vip)).find((mac) => mac !== undefined);
  const entryOf = (vip: string) => {
    const mac = entries.get(vip);
    return ofVip(vips, vip, mac ? `${mac} (${nameOf(plan, seen, mac)})` : 'no entry');
  };
  const ok = wrong.length === 0;
  return [
    {
      title: 'the client sends requests to the director',
      ok,
      expected: `neighbour entry ${expected}`,
      observed: (ok ? vips : wrong).map(entryOf).join(', '),
      ...(!ok && { hint: hintOf(plan, seen, thief) }),
    },
  ];
};

function hintOf(plan: Plan, seen: Observations, thief: string | undefined): Hint {
  if (thief === undefined) {
    return {
      cause: 'the client does not know the MAC address of the VIP',
      commands: [],
      see: ['director-vip', 'arp-owner'],
    };
  }
  const name = nameOf(plan, seen, thief);
  if (isDirector(plan, seen, thief))
    return { cause: `the client sends its requests to ${name}`, commands: [], see: ['vrrp'] };
  const quiet = serversBy(plan, 'dr', 'tun').length > 0 ? ['arp-quiet'] : [];
  const cause = `the client sends its requests to ${name}, not to the director`;
  return { cause, commands: [], see: ['arp-owner', ...quiet] };
}

export const neighbour: CheckKind = {
  id: 'neighbour',
  about: 'the client’s neighbour entry of each VIP has the director’s MAC',
  faults: [],
  looks: [neighbours, nics],
  judge,
};

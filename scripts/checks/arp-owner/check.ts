import { nodesOf, type Plan, serversBy, theNode, vipsOf } from '../../plan/plan.ts';
import { named } from '../check.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import type { Hint } from '../hint.ts';
import { nics } from '../looks/nics.ts';
import { nameOf, ofVip } from '../nodes.ts';
import { owners } from './look.ts';

const judge: Judge = (plan, seen) => {
  const director = theNode(plan, 'director');
  const found = seen.of(owners, theNode(plan, 'client').name);
  const vips = vipsOf(plan);
  const protocol = plan.family === 6 ? 'neighbour solicitations' : 'ARP';
  const ownersOf = (vip: string) => [...new Set((found.get(vip) ?? []).map((mac) => nameOf(plan, seen, mac)))];
  const wrong = vips.filter((vip) => ownersOf(vip).length !== 1 || ownersOf(vip)[0] !== director.name);
  const ok = wrong.length === 0;
  const answersFor = (vip: string) => {
    const names = ownersOf(vip);
    return ofVip(vips, vip, names.length > 0 ? `answers from ${names.join(', ')}` : 'no answer');
  };
  const thieves = new Set(wrong.flatMap(ownersOf));
  thieves.delete(director.name);
  return [
    {
      title: `only the director answers ${protocol} for the VIP${vips.length > 1 ? 's' : ''}`,
      ok,
      expected: 'answers from director',
      observed: ok ? 'answers from director' : wrong.map(answersFor).join('; '),
      ...(!ok && { hint: hintOf(plan, [...thieves]) }),
    },
  ];
};

function hintOf(plan: Plan, thieves: readonly string[]): Hint {
  if (thieves.length === 0)
    return { cause: 'the director did not answer for the VIP', commands: [], see: ['director-vip'] };
  const cause = `${named(thieves)} answered for the VIP, and the client may send its requests there`;
  const directors = nodesOf(plan, 'director').some(({ name }) => thieves.includes(name));
  if (directors) return { cause, commands: [], see: ['vrrp'] };
  const [node] = plan.nodes.filter(({ name }) => thieves.includes(name));
  const quiet = serversBy(plan, 'dr', 'tun').length > 0 ? ['arp-quiet'] : [];
  return { cause, commands: node ? [{ on: node.name, run: 'ip -brief address' }] : [], see: quiet };
}

export const arpOwner: CheckKind = {
  id: 'arp-owner',
  about: 'only the director answers who has the VIP',
  faults: [],
  looks: [owners, nics],
  judge,
};

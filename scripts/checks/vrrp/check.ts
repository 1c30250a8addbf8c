import { nodesOf, type Plan, theNode, vipsOf } from '../../plan/plan.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { keepalivedLog } from '../checker-log.ts';
import { type Hint, up } from '../hint.ts';
import { addresses, holderOf } from '../looks/addresses.ts';
import { vrrpStates } from './look.ts';

const judge: Judge = (plan, seen) => {
  if (!plan.backup) return [];
  // The gateway of real servers by NAT moves together with the VIPs.
  const moved = [...vipsOf(plan), ...(plan.backup.gateway ? [plan.backup.gateway] : [])];
  const active = theNode(plan, 'director').name;
  const found = nodesOf(plan, 'director').map(({ name: node }) => {
    const states = seen.of(vrrpStates, node);
    const has = moved.filter((vip) => holderOf(seen.of(addresses, node), vip));
    const wanted = node === active ? 'MASTER' : 'BACKUP';
    const right =
      states.length > 0 &&
      states.every((state) => state === wanted) &&
      has.length === (node === active ? moved.length : 0);
    return { node, right, state: [...new Set(states)].join(' and '), has };
  });
  const words = found.map(({ node, state, has }) => {
    return `${node} ${state || 'without keepalived'}${has.length > 0 ? ` with ${inWords(plan, has)}` : ''}`;
  });
  const ok = found.every(({ right }) => right);
  const dead = found.filter(({ state }) => state === '').map(({ node }) => node);
  const several = found.filter(({ has }) => has.length > 0).length > 1;
  return [
    {
      title: 'VRRP: the director has the VIP, and the backup waits',
      ok,
      expected: `director MASTER with ${inWords(plan, moved)}, backup BACKUP`,
      observed: words.join(', '),
      ...(!ok && { hint: hintOf(plan, dead, several) }),
    },
  ];
};

/** Addresses that VRRP moves. */
function inWords(plan: Plan, has: readonly string[]): string {
  const others = has.filter((one) => one !== plan.backup?.gateway);
  const vips = others.length > 0 ? ['the VIP'] : [];
  return [...vips, ...(others.length < has.length ? ['the gateway'] : [])].join(' and ');
}

/**
 * @param dead directors without keepalived
 * @param several whether both have a VIP
 */
function hintOf(plan: Plan, dead: readonly string[], several: boolean): Hint {
  const [node] = dead;
  if (node) {
    const keeps = several ? ', and both have the VIP' : '';
    return {
      cause: `keepalived does not run on ${dead.join(', ')}${keeps}`,
      commands: [up(plan), { on: node, run: keepalivedLog }],
      see: [],
    };
  }
  const director = theNode(plan, 'director').name;
  const show = { on: director, run: keepalivedLog };
  if (several) {
    const cause = 'both have the VIP, as if neither received the other’s VRRP packets (IP protocol 112)';
    return { cause, commands: [show], see: ['firewall'] };
  }
  const cause = `${director} is not the master; keepalived’s log says why`;
  return { cause, commands: [show, up(plan)], see: [] };
}

export const vrrp: CheckKind = {
  id: 'vrrp',
  about: 'two directors: keepalived has chosen the first one, and only that one has the VIPs, and by NAT the gateway',
  faults: ['vrrp-daemon-dead'],
  looks: [vrrpStates, addresses],
  judge,
};

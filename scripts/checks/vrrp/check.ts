import { nodesOf, type Plan, theNode, vipsOf } from '../../plan/plan.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { type Hint, up } from '../hint.ts';
import { addresses, holderOf } from '../looks/addresses.ts';
import { vrrpState } from './look.ts';

/** The states of the first director and of the backup. */
const states = ['MASTER', 'BACKUP'];

const judge: Judge = (plan, seen) => {
  if (!plan.backup) return [];
  const vips = vipsOf(plan);
  const found = nodesOf(plan, 'director').map(({ name: node }, index) => {
    const state = seen.of(vrrpState, node);
    const has = vips.filter((vip) => holderOf(seen.of(addresses, node), vip));
    const right = state === states[index] && has.length === (index === 0 ? vips.length : 0);
    return { node, right, state, has: has.length > 0 };
  });
  const words = found.map(({ node, state, has }) => {
    return `${node} ${state ?? 'without keepalived'}${has ? ' with the VIP' : ''}`;
  });
  const ok = found.every(({ right }) => right);
  const dead = found.filter(({ state }) => state === undefined).map(({ node }) => node);
  const several = found.filter(({ has }) => has).length > 1;
  return [
    {
      title: 'VRRP: the director has the VIP, and the backup waits',
      ok,
      expected: 'director MASTER with the VIP, backup BACKUP',
      observed: words.join(', '),
      ...(!ok && { hint: hintOf(plan, dead, several) }),
    },
  ];
};

/**
 * @param dead directors without keepalived
 * @param several whether both have a VIP
 */
function hintOf(plan: Plan, dead: readonly string[], several: boolean): Hint {
  const run = 'journalctl -u keepalived -n 9';
  const [node] = dead;
  if (node) {
    const keeps = several ? ', and both have the VIP' : '';
    return {
      cause: `keepalived does not run on ${dead.join(', ')}${keeps}`,
      commands: [up(plan), { on: node, run }],
      see: [],
    };
  }
  const director = theNode(plan, 'director').name;
  const show = { on: director, run };
  if (several) {
    const cause = 'both have the VIP, as when neither hears the other (VRRP: IP protocol 112)';
    return { cause, commands: [show], see: ['firewall'] };
  }
  const cause = `${director} takes the VIP preempt_delay after its return`;
  return { cause, commands: [up(plan), show], see: [] };
}

export const vrrp: CheckKind = {
  id: 'vrrp',
  about: 'two directors: keepalived has chosen the first one, and only that one has the VIPs',
  faults: ['vrrp-daemon-dead'],
  looks: [vrrpState, addresses],
  judge,
};

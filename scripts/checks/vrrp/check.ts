import { nodesOf, vipsOf } from '../../plan/plan.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { addresses, holderOf } from '../looks/addresses.ts';
import { vrrpState } from './look.ts';

/** As keepalived has them when all is well, the active one first. */
const states = ['MASTER', 'BACKUP'];

/** VRRP has chosen, and the VIP is where it says. */
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
  const look = `lab ssh ${plan.lab} ${dead[0] ?? 'director'} -- journalctl -u keepalived`;
  return [
    {
      title: 'VRRP: the director has the VIP, and the backup waits',
      ok,
      expected: 'director MASTER with the VIP, backup BACKUP',
      observed: words.join(', '),
      ...(!ok && {
        hint:
          dead.length > 0
            ? `keepalived does not run on ${dead.join(', ')}, which takes over nothing${several ? ' and keeps what it had' : ''}; lab up ${plan.lab} starts it, ${look} tells why`
            : several
              ? `both have the VIP: they do not hear each other (VRRP, protocol 112, to 224.0.0.18); ${look}`
              : `the director has left, or is back for less than preempt_delay; lab up ${plan.lab} waits for it, ${look} tells why`,
      }),
    },
  ];
};

export const vrrp: CheckKind = {
  id: 'vrrp',
  about: 'two directors: keepalived has chosen the first one, and only that one has the VIPs',
  faults: [],
  looks: [vrrpState, addresses],
  judge,
};

import { serversBy, theNode } from '../../plan/plan.ts';
import { byEffect } from '../check.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { effectLooks, serves } from '../effect.ts';
import { up } from '../hint.ts';
import { forwards } from './look.ts';

const judge: Judge = (plan, seen) => {
  if (serversBy(plan, 'nat').length === 0) return [];
  const director = theNode(plan, 'director').name;
  const name = plan.family === 6 ? 'net.ipv6.conf.all.forwarding' : 'net.ipv4.ip_forward';
  const asPlanned = seen.of(forwards, director);
  const works = () => serversBy(plan, 'nat').every(({ node }) => serves(plan, seen, node));
  const effect = byEffect(asPlanned, works, `${name} = 0; answers get through`);
  return [
    {
      title: 'the director forwards packets',
      ...effect,
      expected: `${name} = 1`,
      observed: `${name} = ${asPlanned ? 1 : 0}`,
      ...(!effect.ok && {
        hint: {
          cause: `with ${name.split('.').at(-1)}=0 the director drops the answers`,
          commands: [up(plan), { on: director, run: `sysctl -w ${name}=1` }],
          see: [],
        },
      }),
    },
  ];
};

export const forwarding: CheckKind = {
  id: 'forwarding',
  about: 'NAT: the director forwards packets, so that answers get back to the client',
  faults: ['forwarding-off'],
  looks: [forwards, ...effectLooks],
  judge,
};

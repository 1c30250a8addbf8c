import { nodesOf, serversBy } from '../../plan/plan.ts';
import { byEffect } from '../check.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { effectLooks, serves } from '../effect.ts';
import { up } from '../hint.ts';
import { forwards } from './look.ts';

const judge: Judge = (plan, seen) => {
  if (serversBy(plan, 'nat').length === 0) return [];
  const directors = nodesOf(plan, 'director').map((one) => one.name);
  const name = plan.family === 6 ? 'net.ipv6.conf.all.forwarding' : 'net.ipv4.ip_forward';
  const [wrong] = directors.filter((node) => !seen.of(forwards, node));
  // Nothing shows whether the second director would do without.
  const isFirst = wrong === directors[0];
  const works = () => isFirst && serversBy(plan, 'nat').every(({ node }) => serves(plan, seen, node));
  const effect = byEffect(wrong === undefined, works, `${name} = 0; answers get through`);
  return [
    {
      title: directors.length > 1 ? 'both directors forward packets' : 'the director forwards packets',
      ...effect,
      expected: `${name} = 1`,
      observed: `${wrong !== undefined && directors.length > 1 ? `${wrong}: ` : ''}${name} = ${wrong === undefined ? 1 : 0}`,
      ...(!effect.ok && {
        hint: {
          cause: `with ${name.split('.').at(-1)}=0 ${isFirst ? 'the director' : wrong} drops the answers`,
          commands: [up(plan), { on: wrong ?? '', run: `sysctl -w ${name}=1` }],
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

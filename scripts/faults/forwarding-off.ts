import type { Fault } from './fault.ts';
import { forwarders } from './forwarders.ts';
import { sh } from './sh.ts';
import { changed } from './sign.ts';

export const forwardingOff: Fault = {
  id: 'forwarding-off',
  family: 'route',
  title: 'the director or the router does not forward packets',
  cause:
    'A kernel that does not forward drops packets for other machines: a NAT director drops the answers, a router drops everything.',
  sign: changed('sysctl', /^net\.(ipv4\.ip_forward|ipv6\.conf\.all\.forwarding)$/, { after: /^0$/ }),
  places: (plan) => {
    const name = plan.family === 6 ? 'net.ipv6.conf.all.forwarding' : 'net.ipv4.ip_forward';
    return forwarders(plan).map(({ node, role, witness, symptom }) => ({
      name: node,
      nodes: [node],
      make: [{ on: node, run: sh`sysctl -q -w ${name}=0` }],
      witness,
      symptom,
      check:
        role === 'director'
          ? { id: 'forwarding', hint: [`${name}=1`] }
          : { id: 'router', hint: ['nothing gets from one network to the other'] },
      also: role === 'director' ? [] : ['reachable'],
    }));
  },
};

import { hostCidr } from '../model/addresses.ts';
import type { Fault } from './fault.ts';
import { clientAddress, forwardedServers } from './servers.ts';
import { sh } from './sh.ts';
import { added } from './sign.ts';
import { fails } from './symptom.ts';

export const ruleProhibits: Fault = {
  id: 'rule-prohibits',
  family: 'route',
  title: 'a routing rule of a real server prohibits packets to the client',
  cause: 'The kernel looks at rules before routes. `ip route` shows nothing wrong, `ip rule` does.',
  sign: added('rule', /(prohibit|blackhole|unreachable)$/),
  places: (plan) => {
    const client = hostCidr(clientAddress(plan));
    const del = sh`ip -${plan.family} rule del to ${client} priority 77 2> /dev/null || :`;
    return forwardedServers(plan).map(({ node }) => ({
      name: node,
      nodes: [node],
      make: [{ on: node, run: `{ ${del}; } && ${sh`ip -${plan.family} rule add to ${client} priority 77 prohibit`}` }],
      mend: [{ on: node, run: `{ ${del}; }` }],
      witness: { on: node, run: sh`! ip route get ${clientAddress(plan)} > /dev/null 2>&1` },
      symptom: fails(plan, [node]),
    }));
  },
};

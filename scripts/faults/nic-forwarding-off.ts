import type { Fault } from './fault.ts';
import { forwarders } from './forwarders.ts';
import { onNic } from './sh.ts';
import { changed, without } from './sign.ts';

export const nicForwardingOff: Fault = {
  id: 'nic-forwarding-off',
  family: 'route',
  title: 'the director or the router does not forward packets that come in by one NIC',
  cause:
    'ip_forward is 1, but each interface also has a forwarding sysctl of its own. It is 0 for the NIC where answers come in.',
  sign: without(
    changed('sysctl', /^net\.ipv4\.conf\.(back|remote)\.forwarding$/, { after: /^0$/ }),
    changed('sysctl', /^net\.ipv4\.ip_forward$/, {}),
  ),
  places: (plan) => {
    // With IPv6 only the sysctl for all interfaces counts (ip6_forward in the kernel).
    if (plan.family === 6) return [];
    return forwarders(plan).flatMap(({ node, witness, symptom }) => {
      const inside = plan.nodes.find(({ name }) => name === node)?.nics.find(({ network }) => network !== 'front');
      // In one network packets go out by the NIC that they came in by.
      if (!inside) return [];
      const set = (value: 0 | 1) =>
        onNic(node, inside.address, `sysctl -q -w "net.ipv4.conf.$nic.forwarding=${value}"`);
      return {
        name: node,
        nodes: [node],
        make: [set(0)],
        mend: [set(1)],
        // The router still forwards packets from the other side, but no answer comes back.
        witness,
        symptom,
      };
    });
  },
};

import type { Fault } from './fault.ts';
import { forwarders } from './forwarders.ts';
import { onNic } from './sh.ts';
import { changed, without } from './sign.ts';

export const nicForwardingOff: Fault = {
  id: 'nic-forwarding-off',
  family: 'route',
  title: 'the director or the router forwards nothing that comes in by one NIC',
  cause: 'ip_forward is 1, but each interface has a switch of its own. That of the NIC where answers come in is 0.',
  sign: without(
    changed('sysctl', /^net\.ipv4\.conf\.(front|back|remote)\.forwarding$/, { after: /^0$/ }),
    changed('sysctl', /^net\.ipv4\.ip_forward$/, {}),
  ),
  places: (plan) => {
    // With IPv6 only the switch for all interfaces counts (ip6_forward in the kernel).
    if (plan.family === 6) return [];
    return forwarders(plan).map(({ node, witness, symptom }) => {
      const inside = plan.nodes.find(({ name }) => name === node)?.nics.find(({ network }) => network !== 'front');
      const set = (value: 0 | 1) =>
        onNic(node, inside?.address ?? '', `sysctl -q -w "net.ipv4.conf.$nic.forwarding=${value}"`);
      return {
        name: node,
        nodes: [node],
        make: [set(0)],
        mend: [set(1)],
        // The router still passes on what comes in from the other side, and nothing comes back.
        witness,
        symptom,
      };
    });
  },
};

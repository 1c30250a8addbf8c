import { nicsOf, takesEffect } from './effective.ts';
import type { Fault } from './fault.ts';
import { freeAddress } from './free-address.ts';
import { macsOf, serversOn } from './servers.ts';
import { onNic } from './sh.ts';
import { answersFor } from './witness.ts';

export const proxyArp: Fault = {
  id: 'proxy-arp',
  family: 'arp',
  title: 'a real server answers ARP for addresses of other machines: proxy_arp_pvlan is 1',
  cause:
    'The real server offers itself as the way to every address of the network. Machines that use its answer send it packets for others, and it forwards them.',
  sign: (change) => {
    const { plan, node, after } = change;
    const forwards = (nic: string) =>
      (after.of('sysctl', `net.ipv4.conf.${nic}.forwarding`) ?? after.of('sysctl', 'net.ipv4.ip_forward')) === '1';
    return takesEffect(
      'proxy_arp_pvlan',
      () => nicsOf(plan, node).filter(forwards),
      (was, is) => was === 0 && is === 1,
    )(change);
  },
  places: (plan) => {
    if (plan.family === 6) return [];
    return serversOn(plan, 'front').map((server) => {
      const set = (value: 0 | 1) =>
        onNic(
          server.node,
          server.address,
          `sysctl -q -w net.ipv4.ip_forward=${value} "net.ipv4.conf.$nic.proxy_arp_pvlan=${value}"`,
        );
      return {
        name: server.node,
        nodes: [server.node],
        make: [set(1)],
        mend: [set(0)],
        witness: answersFor(plan, freeAddress(plan, 'front'), macsOf(plan, [server])),
        symptom: { kind: 'varies' },
      };
    });
  },
};

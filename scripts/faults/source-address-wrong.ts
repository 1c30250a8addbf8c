import { hostCidr } from '../model/addresses.ts';
import { serversBy } from '../plan/plan.ts';
import { vipsOn } from '../plan/vip-device.ts';
import type { Fault } from './fault.ts';
import { nearServers } from './servers.ts';
import { onNic, sh } from './sh.ts';
import { failsUntilNoticed } from './symptom.ts';
import { wayTo } from './way-to.ts';
import { noEcho } from './witness.ts';

export const sourceAddressWrong: Fault = {
  id: 'source-address-wrong',
  family: 'route',
  title: 'the route of the director to a real server names the VIP as source address',
  cause:
    'The real server also has the VIP, so it drops such packets as forged. That concerns packets that the director itself sends: health checks and tunnel packets. Requests by direct routing keep the address of the client.',
  sign: (change) => {
    const { plan, after } = change;
    const ill = serversBy(plan, 'dr', 'tun').flatMap((server) => {
      const way = wayTo(after, server.address);
      const [, from = ''] = /(?:^| )src (\S+)/.exec(way?.value ?? '') ?? [];
      return way && vipsOn(plan, server.node).includes(from) ? [way.key] : [];
    });
    return change.differences.filter(({ section, key }) => section === 'route' && ill.includes(key));
  },
  places: (plan) =>
    nearServers(plan)
      .filter(({ server }) => server.mode !== 'nat')
      .map(({ server: { node, address, mode }, director, near }) => {
        const route = hostCidr(address);
        const vip = vipsOn(plan, node)[0] ?? '';
        return {
          name: `${director.name} ${node}`,
          nodes: [director.name],
          make: [onNic(director.name, near.address, sh`ip route replace ${route} dev "$nic" src ${vip}`)],
          mend: [onNic(director.name, near.address, sh`{ ip route del ${route} dev "$nic" 2> /dev/null || :; }`)],
          witness: noEcho(director.name, address),
          symptom: mode === 'tun' || plan.health ? failsUntilNoticed(plan, [node]) : { kind: 'none' },
        };
      }),
};

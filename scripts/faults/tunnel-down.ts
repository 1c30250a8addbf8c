import { serversBy } from '../plan/plan.ts';
import { tunnelDevice } from '../plan/tunnel-device.ts';
import { vipsOn } from '../plan/vip-device.ts';
import type { Fault } from './fault.ts';
import { sh } from './sh.ts';
import { changed, exactly } from './sign.ts';
import { fails } from './symptom.ts';
import { isLocal } from './witness.ts';

export const tunnelDown: Fault = {
  id: 'tunnel-down',
  family: 'ipvs',
  title: 'the tunnel device of a real server is down',
  cause: 'Nothing unwraps the requests, but the director still sends them.',
  sign: changed(
    'link',
    ({ plan, node }) => {
      const server = serversBy(plan, 'tun').find((one) => one.node === node);
      return server && exactly(`${tunnelDevice(server).device} up`);
    },
    { after: /^no$/ },
  ),
  places: (plan) =>
    serversBy(plan, 'tun').map((server) => {
      const { device } = tunnelDevice(server);
      return {
        name: server.node,
        nodes: [server.node],
        make: [{ on: server.node, run: sh`ip link set ${device} down` }],
        // When the device is down, its addresses are no local addresses of the kernel.
        witness: isLocal(server.node, vipsOn(plan, server.node)[0] ?? '', false),
        symptom: fails(plan, [server.node]),
        check: { id: 'vip', hint: [server.node, `ip link set ${device} up`] },
      };
    }),
};

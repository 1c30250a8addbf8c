import { serversBy } from '../../plan/plan.ts';
import { tunnelDevice } from '../../plan/tunnel-device.ts';
import type { Look } from '../looks/look.ts';

/** Packets that have come out of a tunnel's device; undefined where there is no such device. */
export interface TunnelPackets {
  before: number | undefined;
  after: number | undefined;
}

export const tunnelPackets: Look<TunnelPackets> = {
  name: 'packets',
  about: 'packets received by the tunnel’s device on each real server by TUN, before the requests and after them',
  on(plan, { name }) {
    const server = serversBy(plan, 'tun').find(({ node }) => node === name);
    return server && { device: tunnelDevice(server).device };
  },
  templates: { before: 'checks/tunnel/packets', after: 'checks/tunnel/packets' },
  parse: (printed) => ({ before: numberIn(printed.in('before')), after: numberIn(printed.in('after')) }),
};

function numberIn(text: string): number | undefined {
  return text.trim() ? Number(text) : undefined;
}

import { hostCidr } from '../model/addresses.ts';
import { type Plan, type PlannedRealServer, type PlannedService, serversBy, vipsOf } from '../plan/plan.ts';
import { vipDeviceOf, vipsOn } from '../plan/vip-device.ts';
import { escaped, type NodeChange } from './sign.ts';

/** A VIP that a real server with DR or TUN has. */
export interface HeldVip {
  server: PlannedRealServer;
  vip: string;
  /** The interface that has the VIP: lo, or the tunnel device. */
  device: string;
  /** The real server's services at that VIP. */
  services: PlannedService[];
  /** The real server and the VIP; in a lab of one VIP the real server alone. */
  name: string;
}

/** The key of the fact that a real server has one of its VIPs on the planned interface. With `wide`: with a shorter prefix than that of a host. */
export function heldVipKey({ wide = false } = {}): (change: NodeChange) => RegExp | undefined {
  return ({ plan, node }) => {
    const held = heldVips(plan).filter(({ server }) => server.node === node);
    const each = held.map(
      ({ vip, device }) => `${escaped(`${device} ${vip}`)}/${wide ? `(?!${hostCidr(vip).split('/')[1]}$)` : ''}\\d+`,
    );
    return each.length > 0 ? new RegExp(`^(${each.join('|')})$`) : undefined;
  };
}

export function heldVips(plan: Plan): HeldVip[] {
  const several = vipsOf(plan).length > 1;
  return serversBy(plan, 'dr', 'tun').flatMap((server) =>
    vipsOn(plan, server.node).map((vip) => ({
      server,
      vip,
      device: vipDeviceOf(server),
      services: plan.services.filter((service) => {
        return service.vip === vip && service.destinations.some((one) => one.server === server.node);
      }),
      name: several ? `${server.node} ${vip}` : server.node,
    })),
  );
}

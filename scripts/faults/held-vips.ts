import { type Plan, type PlannedRealServer, type PlannedService, serversBy, vipsOf } from '../plan/plan.ts';
import { vipDeviceOf, vipsOn } from '../plan/vip-device.ts';

/** A VIP that a real server by DR or TUN has. */
export interface HeldVip {
  server: PlannedRealServer;
  vip: string;
  /** The interface that has the VIP: lo, or the tunnel's device. */
  device: string;
  /** The real server's services at that VIP. */
  services: PlannedService[];
  /** The real server and the VIP; in a lab of one VIP the real server alone. */
  name: string;
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

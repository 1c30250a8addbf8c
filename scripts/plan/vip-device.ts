import { type Plan, type PlannedRealServer, vipsOf } from './plan.ts';
import { tunnelDevice } from './tunnel-device.ts';

/** The interface on which a real server by DR or TUN has the VIPs, so that its kernel takes packets for them. */
export function vipDeviceOf(server: PlannedRealServer): string {
  return server.mode === 'tun' ? tunnelDevice(server).device : 'lo';
}

/** VIPs of the services that a real server belongs to. */
export function vipsOn({ services }: Plan, node: string): string[] {
  return vipsOf({
    services: services.filter(({ destinations }) => destinations.some(({ server }) => server === node)),
  });
}

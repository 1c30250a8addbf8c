import { nicOn, type Plan, type PlannedRealServer, serversBy, theNode } from '../plan/plan.ts';
import { tunnelDevice } from '../plan/tunnel-device.ts';
import { vipsOn } from '../plan/vip-device.ts';
import { takesEffect } from './effective.ts';
import type { NodeCommand, Witness } from './fault.ts';
import { allAndEach } from './servers.ts';
import { sh } from './sh.ts';
import type { Sign } from './sign.ts';
import { refusesSource } from './witness.ts';

/** Real servers whose requests a reverse path filter can drop. IPv6 has no such filter. */
export function tunnelGroups(plan: Plan): PlannedRealServer[][] {
  return plan.family === 6 ? [] : allAndEach(serversBy(plan, 'tun'));
}

/** The filter of the tunnel device is another one than it was. */
export function tunnelFilterIs(value: 1 | 2): Sign {
  return takesEffect(
    'rp_filter',
    ({ plan, node }) =>
      serversBy(plan, 'tun').flatMap((server) => (server.node === node ? [tunnelDevice(server).device] : [])),
    (before, after) => before !== after && after === value,
  );
}

/** @param value 0 off, 1 strict, 2 loose: rp_filter in the kernel's ip-sysctl.rst */
export function setReversePathFilter(server: PlannedRealServer, value: 0 | 1 | 2): NodeCommand {
  return { on: server.node, run: sh`sysctl -q -w net.ipv4.conf.${tunnelDevice(server).device}.rp_filter=${value}` };
}

/** The kernel of the first of these servers drops requests that come out of the tunnel. */
export function droppedFromTunnel(plan: Plan, [server]: readonly PlannedRealServer[]): Witness {
  if (!server) throw new Error('no real server');
  const client = nicOn(theNode(plan, 'client'), 'front').address;
  const device = sh`nic=${tunnelDevice(server).device}`;
  return refusesSource(server.node, vipsOn(plan, server.node)[0] ?? '', client, device);
}

/** Asks the kernel of the first of these servers by netlink for the value of the filter. */
export function filterIs([server]: readonly PlannedRealServer[], word: 'loose' | 'strict'): Witness {
  if (!server) throw new Error('no real server');
  const { device } = tunnelDevice(server);
  return { on: server.node, run: sh`ip -4 netconf show dev ${device} | grep -q ${`rp_filter ${word}`}` };
}

import { type Plan, type PlannedRealServer, serversBy } from '../plan/plan.ts';
import { tunnelDevice } from '../plan/tunnel-device.ts';
import type { NodeCommand } from './fault.ts';
import { allAndEach } from './servers.ts';
import { sh } from './sh.ts';

/** Real servers that a reverse path filter can hurt. IPv6 has none. */
export function tunnelGroups(plan: Plan): PlannedRealServer[][] {
  return plan.family === 6 ? [] : allAndEach(serversBy(plan, 'tun'));
}

/** @param value 0 off, 1 strict, 2 loose: rp_filter in the kernel's ip-sysctl.rst */
export function setReversePathFilter(server: PlannedRealServer, value: 0 | 1 | 2): NodeCommand {
  return { on: server.node, run: sh`sysctl -q -w net.ipv4.conf.${tunnelDevice(server).device}.rp_filter=${value}` };
}

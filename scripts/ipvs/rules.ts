import type { Mode, Service } from '../model/lab.ts';
import { formatRules, joinAddress, type TableServer, type TableService } from './table.ts';

export interface Destination {
  mode: Mode;
  address: string;
  port: number;
  weight: number;
  uthreshold: number;
  lthreshold: number;
}

/** The table that a lab is to have. In DR and TUN the port of a destination is the service's, whatever was asked. */
function tableOf(service: Service, destinations: readonly Destination[]): TableService {
  const { vip, port, scheduler, flags, persistence, persistenceGranularity } = service;
  const options = [
    ...(persistence > 0 ? [`-p ${persistence}`] : []),
    ...(persistence > 0 && persistenceGranularity ? [`-M ${persistenceGranularity}`] : []),
    ...(flags.length > 0 ? [`-b ${[...flags].sort().join(',')}`] : []),
  ];
  const servers = destinations.map(({ mode, address, weight, uthreshold, lthreshold, port: own }): TableServer => {
    const tunnel = mode === 'tun' ? '--tun-type ipip' : '';
    const realPort = mode === 'nat' ? own : port;
    return { address, port: realPort, forwarding: mode, weight, upper: uthreshold, lower: lthreshold, tunnel };
  });
  return { name: `-t ${joinAddress(vip, port)}`, scheduler, options: options.join(' '), servers };
}

/** The table for `ipvsadm --restore`, a line each. */
export function ipvsRules(service: Service, destinations: readonly Destination[]): string[] {
  return formatRules([tableOf(service, destinations)])
    .trimEnd()
    .split('\n');
}

/**
 * The same letter for letter as ipvsadm-save -n prints it, so that it can be compared with what a director says
 * (print_service_and_dests and print_service_entry in ipvsadm.c): without thresholds.
 */
export function savedRules(service: Service, destinations: readonly Destination[]): string[] {
  return ipvsRules(
    service,
    destinations.map((one) => ({ ...one, uthreshold: 0, lthreshold: 0 })),
  );
}

/** Thresholds as `ipvsadm -Ln --thresholds` shows them, a line a real server; ipvsadm-save leaves them out. */
export function thresholdLines(service: Service, destinations: readonly Destination[]): string[] {
  return tableOf(service, destinations).servers.map(
    ({ address, port, upper, lower }) => `${joinAddress(address, port)} ${upper} ${lower}`,
  );
}

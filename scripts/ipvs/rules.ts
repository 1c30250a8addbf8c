import { familyOf, joinAddress } from '../model/addresses.ts';
import type { Destination, Service } from '../model/lab.ts';
import { formatRules, type TableServer, type TableService } from './table.ts';

/** The port of a service; if it has several, the first. */
export function portOf({ endpoints }: Pick<Service, 'endpoints'>): number {
  const [endpoint] = endpoints;
  if (!endpoint) throw new Error('a service without ports');
  return endpoint.port;
}

/** The port of a service in the table: 0 for all ports. */
export function portInTable(service: Pick<Service, 'endpoints' | 'allPorts'>): number {
  return service.allPorts ? 0 : portOf(service);
}

/** All ports of a service; ranges, as 10000-10100, come last. */
export function portsOf({ endpoints, ranges = [] }: Pick<Service, 'endpoints' | 'ranges'>): string[] {
  return [...endpoints.map(({ port }) => String(port)), ...ranges];
}

/** The service's name for ipvsadm: `-t 192.168.1.3:80`, `-u [fd00::3]:53`, `--sctp-service …`, `-f 7`, `-f 8 -6`. */
export function ipvsadmName(service: Service): string {
  const { vip, protocol, fwmark } = service;
  if (fwmark > 0) return `-f ${fwmark}${familyOf(vip) === 6 ? ' -6' : ''}`;
  const flag = { tcp: '-t', udp: '-u', sctp: '--sctp-service' }[protocol];
  return `${flag} ${joinAddress(vip, portInTable(service))}`;
}

/** The service's name in the output of ipvsadm -L: `TCP 192.168.1.3:80`, `FWM 7`. */
export function serviceName(service: Service): string {
  const { vip, protocol, fwmark } = service;
  if (fwmark > 0) return `FWM ${fwmark}`;
  return `${protocol.toUpperCase()} ${joinAddress(vip, portInTable(service))}`;
}

/** The planned table of a lab. With DR and TUN the port of a destination is always the service's. */
export function tableOf(service: Service): TableService {
  const { scheduler, flags, persistence, persistenceGranularity, ops, destinations } = service;
  // In the order of ipvsadm-save: print_service_entry in ipvsadm.c.
  const options = [
    ...(persistence > 0 ? [`-p ${persistence}`] : []),
    ...(persistence > 0 && persistenceGranularity ? [`-M ${persistenceGranularity}`] : []),
    ...(ops ? ['-o'] : []),
    ...(flags.length > 0 ? [`-b ${[...flags].sort().join(',')}`] : []),
  ];
  const servers = destinations.map((destination): TableServer => {
    const { mode, address, weight, uthreshold, lthreshold, port: own } = destination;
    const port = mode === 'nat' || service.fwmark > 0 ? own : portInTable(service);
    return {
      address,
      port,
      forwarding: mode,
      weight,
      upper: uthreshold,
      lower: lthreshold,
      tunnel: tunnelOf(destination),
    };
  });
  return { name: ipvsadmName(service), scheduler, options: options.join(' '), servers };
}

/** Tunnel options in the form of ipvsadm-save. UDP without checksums is ipvsadm's default. */
function tunnelOf({ mode, tunnel, tunnelPort }: Destination): string {
  if (mode !== 'tun') return '';
  const port = tunnel === 'gue' ? ` --tun-port ${tunnelPort}` : '';
  return `--tun-type ${tunnel}${port}${tunnel === 'ipip' ? '' : ' --tun-nocsum'}`;
}

/** The table as lines for `ipvsadm --restore`. */
export function ipvsRules(services: readonly Service[]): string[] {
  return formatRules(services.map(tableOf)).trimEnd().split('\n');
}

/**
 * The table exactly as ipvsadm-save -n prints it, so that it can be compared with the output on a director
 * (print_service_and_dests and print_service_entry in ipvsadm.c): without thresholds.
 */
export function savedRules(services: readonly Service[]): string[] {
  return ipvsRules(
    services.map((service) => ({
      ...service,
      destinations: service.destinations.map((one) => ({ ...one, uthreshold: 0, lthreshold: 0 })),
    })),
  );
}

/** Thresholds as `ipvsadm -Ln --thresholds` shows them, a line for each real server; ipvsadm-save leaves them out. */
export function thresholdLines(services: readonly Service[]): string[] {
  return services.flatMap((service) =>
    tableOf(service).servers.map(
      ({ address, port, upper, lower }) => `${serviceName(service)} ${joinAddress(address, port)} ${upper} ${lower}`,
    ),
  );
}

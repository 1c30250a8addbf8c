import type { Mode, Service } from '../model/lab.ts';

/** ipvsadm(8): how packets are forwarded. */
export const methodFlags: Record<Mode, string> = { nat: '-m', dr: '-g', tun: '-i' };
/** As ipvsadm -L and /proc/net/ip_vs print it. */
export const methodNames: Record<Mode, string> = { nat: 'Masq', dr: 'Route', tun: 'Tunnel' };

export interface Destination {
  mode: Mode;
  address: string;
  port: number;
  weight: number;
  uthreshold: number;
  lthreshold: number;
}

/**
 * The table in the form of ipvsadm-save -n, letter for letter, so that it can be compared with what a director says
 * (print_service_and_dests and print_service_entry in ipvsadm.c). In DR and TUN the port of a destination is the
 * service's, whatever was asked.
 */
export function ipvsRules(service: Service, destinations: readonly Destination[]): string[] {
  const { vip, port, scheduler, flags, persistence, persistenceGranularity } = service;
  const virtual = `-t ${vip}:${port}`;
  const mask = persistenceGranularity ? ` -M ${persistenceGranularity}` : '';
  const persistent = persistence > 0 ? ` -p ${persistence}${mask}` : '';
  const withFlags = flags.length > 0 ? ` -b ${[...flags].sort().join(',')}` : '';
  return [
    `-A ${virtual} -s ${scheduler}${persistent}${withFlags}`,
    ...destinations.map((one) => {
      const realPort = one.mode === 'nat' ? one.port : port;
      const tunnel = one.mode === 'tun' ? ' --tun-type ipip' : '';
      return `-a ${virtual} -r ${one.address}:${realPort} ${methodFlags[one.mode]} -w ${one.weight}${tunnel}`;
    }),
  ];
}

/** Thresholds as `ipvsadm -Ln --thresholds` shows them, a line a real server; ipvsadm-save leaves them out. */
export function thresholdLines(service: Service, destinations: readonly Destination[]): string[] {
  return destinations.map(({ mode, address, port, uthreshold, lthreshold }) => {
    return `${address}:${mode === 'nat' ? port : service.port} ${uthreshold} ${lthreshold}`;
  });
}

/** The table with thresholds, for `ipvsadm --restore`. */
export function withThresholds(rules: readonly string[], destinations: readonly Destination[]): string[] {
  const [service = '', ...servers] = rules;
  return [
    service,
    ...servers.map((line, at) => {
      const { uthreshold = 0, lthreshold = 0 } = destinations[at] ?? {};
      const bounds = `${uthreshold > 0 ? ` -x ${uthreshold}` : ''}${lthreshold > 0 ? ` -y ${lthreshold}` : ''}`;
      return line.replace(/( -w \d+)/, `$1${bounds}`);
    }),
  ];
}

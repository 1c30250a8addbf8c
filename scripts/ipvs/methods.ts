import type { Mode, Tunnel } from '../model/words.ts';

/** ipvsadm(8): how packets are forwarded. */
export const methodFlags: Record<Mode, string> = { nat: '-m', dr: '-g', tun: '-i' };
/** As ipvsadm -L and /proc/net/ip_vs print it. */
export const methodNames: Record<Mode, string> = { nat: 'Masq', dr: 'Route', tun: 'Tunnel' };
/** What a request is wrapped in. */
export const tunnelWords: Record<Tunnel, string> = { ipip: 'IP in IP', gue: 'GUE', gre: 'GRE' };

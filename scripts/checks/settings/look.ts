import { type Plan, theNode } from '../../plan/plan.ts';
import type { Look } from '../looks/look.ts';

/** Settings of IPVS on the director: `tcp`, `tcpfin` and `udp` in seconds; `conn_reuse_mode` and the other sysctls. */
export const settingsLook: Look<Map<string, string>> = {
  name: 'settings',
  about: 'ipvsadm -l --timeout and /proc/sys/net/ipv4/vs on the director, where the lab file sets any of them',
  on: (plan, { name }) => (plannedSettings(plan).size > 0 && name === theNode(plan, 'director').name ? {} : undefined),
  templates: { after: 'checks/settings/show' },
  parse: (printed) => parseSettings(printed.in('after')),
};

export function plannedSettings({ ipvs: { timeouts, sysctls } }: Plan): Map<string, string> {
  const values = [...Object.entries(timeouts ?? {}), ...sysctls.map(({ name, value }) => [name, value] as const)];
  return new Map(values.map(([name, value]) => [name, String(value)]));
}

/** `Timeout (tcp tcpfin udp): 900 120 300`, and lines like `/proc/sys/net/ipv4/vs/conntrack:0` */
export function parseSettings(text: string): Map<string, string> {
  const { groups: timeouts = {} } = /: (?<tcp>\d+) (?<tcpfin>\d+) (?<udp>\d+)/.exec(text) ?? {};
  const sysctls = [...text.matchAll(/\/vs\/(\w+):(.+)$/gm)].map(([, name = '', value = '']): [string, string] => {
    return [name, value.trim().replace(/\s+/g, ' ')];
  });
  return new Map([...Object.entries(timeouts), ...sysctls]);
}

import type { Daemon, Place, PortTaken, Served, ServeScript } from '../backend.ts';
import { portsOf, vipsOf } from '../served.ts';

/** Serves pages, over TLS or not, at any number of ports. */
export const apache: Daemon = {
  name: 'Apache',
  onePort: false,
  unit: 'apache2',
  log: 'tail /var/log/apache2/error.log',
  scripts,
};

function scripts(served: readonly Served[], { lab, node, site }: Place): ServeScript[] {
  const secure = served.filter(({ backend }) => backend.pages === 'tls');
  const tls = new Set(portsOf(secure));
  const sites = portsOf(served).map((port) => ({
    port,
    tls: tls.has(port),
    // Debian's Apache listens on port 80 in any case, and with mod_ssl on 443.
    listen: port !== 80 && !(port === 443 && tls.size > 0),
  }));
  return [
    ...(secure.length > 0 ? [certificate(lab, vipsOf(secure))] : []),
    { template: 'backends/shared/apache', context: { node, sites, ssl: tls.size > 0, site } },
  ];
}

function certificate(lab: string, vips: readonly string[]): ServeScript {
  const names = vips.map((vip) => `IP:${vip}`).join(',');
  return { template: 'backends/https/certificate', context: { subject: `/CN=lab ${lab}`, names } };
}

/** Debian's Apache listens on port 80 beside a service's own port, and with mod_ssl on 443. */
export function portsOfApache(port: number, tls: boolean): PortTaken[] {
  const overTls = `${apache.name} over TLS`;
  const own: PortTaken = [`tcp ${port}`, tls ? overTls : apache.name];
  const beside: PortTaken[] = [['tcp 80', apache.name], ...(tls ? [['tcp 443', overTls] as const] : [])];
  return [own, ...beside.filter(([one]) => one !== own[0])];
}

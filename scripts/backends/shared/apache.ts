import type { Daemon, Place, PortTaken, Programs, Served, ServeScript } from '../backend.ts';
import { portsOf } from '../served.ts';
import { certificate } from './certificate.ts';

/** Debian's Apache always listens on this port. */
export const apachePort = 80;

/** Debian's Apache listens on this port as well when mod_ssl is on. */
const apacheTlsPort = 443;

export const apachePackages: Programs = { apache2: 'apache2' };

/** Serves pages, over TLS or not, at any number of ports. */
export const apache: Daemon = {
  name: 'Apache',
  onePort: false,
  unit: 'apache2',
  process: 'apache2',
  log: 'tail /var/log/apache2/error.log',
  scripts,
};

function scripts(served: readonly Served[], { lab, node, site }: Place): ServeScript[] {
  const secure = served.filter(({ backend }) => backend.pages === 'tls');
  const tls = new Set(portsOf(secure));
  const sites = portsOf(served).map((port) => ({
    port,
    tls: tls.has(port),
    listen: port !== apachePort && !(port === apacheTlsPort && tls.size > 0),
  }));
  const plain = !site && String(portsOf(served)) === String(apachePort) && tls.size === 0;
  return [
    ...(secure.length > 0 ? [certificate(lab, secure, 'lvs-lab')] : []),
    {
      template: 'backends/shared/apache',
      context: { node, sites, ssl: tls.size > 0, site, plain },
      ...(plain && { warm: 'backends/shared/apache-warm' }),
    },
  ];
}

/** Ports that Apache takes to serve one port: Debian's default ports are open as well. */
export function portsOfApache(port: number, tls: boolean): PortTaken[] {
  const overTls = `${apache.name} over TLS`;
  const own: PortTaken = [`tcp ${port}`, tls ? overTls : apache.name];
  const beside: PortTaken[] = [
    [`tcp ${apachePort}`, apache.name],
    ...(tls ? [[`tcp ${apacheTlsPort}`, overTls] as const] : []),
  ];
  return [own, ...beside.filter(([one]) => one !== own[0])];
}

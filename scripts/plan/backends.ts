import { joinAddress } from '../model/addresses.ts';
import type { Backend, Lab, Protocol, RealServer } from '../model/lab.ts';
import type { Step } from './scripts.ts';
import { siteOfApache } from './site.ts';

/** What a real server has to answer: a port of its own, for a VIP. */
export interface Served {
  vip: string;
  protocol: Protocol;
  /** On the real server. */
  port: number;
  backend: Backend;
}

/** All that a real server has to answer, over all services that it belongs to. */
export function servedBy({ services }: Lab, { name }: RealServer): Served[] {
  return services.flatMap(({ vip, protocol, endpoints, destinations }) => {
    const own = destinations.find(({ server }) => server === name);
    if (!own) return [];
    return endpoints.map(({ port, backend }) => ({ vip, protocol, port: own.port || port, backend }));
  });
}

const packages: Record<Backend, Record<string, string>> = {
  http: { apache2: 'apache2' },
  https: { apache2: 'apache2', openssl: 'openssl' },
  dns: { dnsmasq: 'dnsmasq' },
  echo: {},
  ftp: { vsftpd: 'vsftpd' },
};

/** Programs, each with the Debian package that has it. */
export function backendPackages(served: readonly Served[]): Record<string, string> {
  return Object.assign({}, ...served.map(({ backend }) => packages[backend]));
}

/** The scripts that make a real server answer, and name itself in every answer. */
export function backendScripts(lab: Lab, { name, address, mode }: RealServer, served: readonly Served[]): Step[] {
  const by = (...backends: Backend[]) => served.filter(({ backend }) => backends.includes(backend));
  const portsOf = (all: readonly Served[]) => [...new Set(all.map(({ port }) => port))];
  const vipsOf = (all: readonly Served[]) => [...new Set(all.map(({ vip }) => vip))];
  const steps: Step[] = [];
  const secure = by('https');
  if (secure.length > 0) {
    const vips = vipsOf(secure);
    const names = vips.map((vip) => `IP:${vip}`).join(',');
    steps.push({ template: 'real-server/certificate', context: { subject: `/CN=lab ${lab.name}`, names } });
  }
  const web = by('http', 'https');
  if (web.length > 0) {
    const tls = new Set(portsOf(secure));
    const sites = portsOf(web).map((port) => ({
      port,
      tls: tls.has(port),
      // Debian's Apache listens on port 80 in any case, and with mod_ssl on 443.
      listen: port !== 80 && !(port === 443 && tls.size > 0),
    }));
    const site = siteOfApache(lab, name);
    steps.push({ template: 'real-server/apache', context: { node: name, sites, ssl: tls.size > 0, site } });
  }
  // Where clients reach it: by NAT at its own address only.
  const addressesOf = (all: readonly Served[]) => [address, ...(mode === 'nat' ? [] : vipsOf(all))];
  const dns = by('dns');
  if (dns.length > 0) {
    const addresses = addressesOf(dns);
    steps.push({ template: 'real-server/dns', context: { node: name, addresses, port: portsOf(dns)[0] } });
  }
  for (const protocol of ['tcp', 'sctp'] as const) {
    const echo = by('echo').filter((one) => one.protocol === protocol);
    if (echo.length === 0) continue;
    const sctp = protocol === 'sctp';
    const listen = sctp
      ? addressesOf(echo).flatMap((own) => portsOf(echo).map((port) => joinAddress(own, port)))
      : portsOf(echo).map(String);
    steps.push({ template: 'real-server/echo', context: { node: name, protocol, sctp, listen } });
  }
  const ftp = by('ftp');
  if (ftp.length > 0) {
    const context = { node: name, port: portsOf(ftp)[0], ipv6: lab.family === 6 };
    steps.push({ template: 'real-server/ftp', context });
  }
  return steps;
}

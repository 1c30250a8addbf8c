import type { Client, Daemon } from '../backend.ts';
import { backend } from '../define.ts';
import { itsPort, portsOf } from '../served.ts';
import { curl, url } from '../shared/curl.ts';

const squid: Daemon = {
  name: 'Squid',
  onePort: false,
  unit: 'squid',
  process: 'squid',
  log: 'journalctl -n 20 -u squid',
  scripts: (served, { node }) => [{ template: 'backends/proxy/proxy', context: { node, ports: portsOf(served) } }],
};

const reader: Client = { name: 'proxy', template: 'backends/proxy/ask', packages: curl.packages };

/** A web proxy. A client asks it for a page of its own, and the page names the proxy that fetched it. */
export const proxy = backend({
  name: 'proxy',
  protocols: ['tcp'],
  port: 3128,
  daemon: squid,
  packages: { squid: 'squid' },
  portsTaken: itsPort(squid),
  client: reader,
  large: true,
  target: (asked) => url('http', asked, ''),
  statuses: [200],
  healthChecks: ['tcp'],
});

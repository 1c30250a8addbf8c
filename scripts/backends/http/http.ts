import { backend } from '../define.ts';
import { apache, apachePackages, portsOfApache } from '../shared/apache.ts';
import { curl, url } from '../shared/curl.ts';

/** Web pages. */
export const http = backend({
  name: 'http',
  protocols: ['tcp'],
  port: 80,
  alsoAt: [8080],
  usualOver: ['tcp'],
  standsIn: true,
  daemon: apache,
  packages: apachePackages,
  portsTaken: (_protocol, port) => portsOfApache(port, false),
  client: curl,
  large: true,
  target: (asked) => url('http', asked),
  statuses: [200],
  healthChecks: ['http', 'tcp', 'load'],
  pages: 'plain',
  failover: 'asked',
});

import type { Backend } from '../backend.ts';
import { apache, apachePackages, portsOfApache } from '../shared/apache.ts';
import { curl, url } from '../shared/curl.ts';

/** Web pages. */
export const http: Backend<'http'> = {
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
  target: (asked) => url('http', asked),
  portsPerRequest: 1,
  statuses: [200],
  staysOpen: false,
  dataConnections: false,
  healthChecks: ['http', 'tcp', 'load'],
  pages: 'plain',
  failover: 'asked',
};

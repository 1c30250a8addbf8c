import { backend } from '../define.ts';
import { apache, apachePackages, portsOfApache } from '../shared/apache.ts';
import { curl, url } from '../shared/curl.ts';

/** Web pages over TLS, with a self-signed certificate of the real server. */
export const https = backend({
  name: 'https',
  protocols: ['tcp'],
  port: 443,
  alsoAt: [8443],
  daemon: apache,
  packages: { ...apachePackages, openssl: 'openssl' },
  portsTaken: (_protocol, port) => portsOfApache(port, true),
  client: curl,
  large: true,
  target: (asked) => url('https', asked),
  statuses: [200],
  healthChecks: ['https', 'tcp'],
  pages: 'tls',
});

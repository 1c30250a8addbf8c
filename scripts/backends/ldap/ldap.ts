import type { Client, Daemon } from '../backend.ts';
import { backend } from '../define.ts';
import { itsPort, portsOf } from '../served.ts';
import { curl, url } from '../shared/curl.ts';

const slapd: Daemon = {
  name: 'slapd',
  onePort: false,
  unit: 'slapd',
  process: 'slapd',
  log: 'journalctl -n 20 -u slapd',
  scripts: (served, { node }) => [{ template: 'backends/ldap/ldap', context: { node, ports: portsOf(served) } }],
};

const reader: Client = { name: 'ldap', template: 'backends/ldap/ask', packages: curl.packages };

/** A directory with one entry that names the real server. */
export const ldap = backend({
  name: 'ldap',
  protocols: ['tcp'],
  port: 389,
  daemon: slapd,
  packages: { slapd: 'slapd' },
  portsTaken: itsPort(slapd),
  client: reader,
  large: true,
  // An entry and the attribute of it that is asked for (RFC 4516).
  target: (asked) => url('ldap', asked, '/cn=server,dc=lab?description'),
  // curl knows no status of LDAP. After anything but success it fails.
  statuses: [0],
  healthChecks: ['tcp'],
});

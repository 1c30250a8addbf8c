import type { Client, Daemon } from '../backend.ts';
import { backend } from '../define.ts';
import { itsPort, portsOf } from '../served.ts';
import { curl, url } from '../shared/curl.ts';

const exim: Daemon = {
  name: 'Exim',
  onePort: false,
  unit: 'exim4',
  process: 'exim4',
  log: 'tail /var/log/exim4/mainlog',
  scripts: (served, { node }) => [{ template: 'backends/smtp/smtp', context: { node, ports: portsOf(served) } }],
};

const sender: Client = { name: 'smtp', template: 'backends/smtp/ask', packages: curl.packages };

/** A mail server that takes a message; its greeting names it. */
export const smtp = backend({
  name: 'smtp',
  protocols: ['tcp'],
  port: 25,
  alsoAt: [587],
  daemon: exim,
  packages: { exim4: 'exim4-daemon-light' },
  portsTaken: itsPort(exim),
  client: sender,
  large: true,
  // curl takes the path for the client's name (EHLO).
  target: (asked) => url('smtp', asked, '/client'),
  // The server took the message (RFC 5321, 4.2.3).
  statuses: [250],
  healthChecks: ['smtp', 'tcp'],
});

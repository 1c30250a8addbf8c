import type { Client, Daemon } from '../backend.ts';
import { backend } from '../define.ts';
import { itsPort, portsOf } from '../served.ts';
import { curl, url } from '../shared/curl.ts';

const dovecot: Daemon = {
  name: 'Dovecot',
  onePort: true,
  unit: 'dovecot',
  process: 'dovecot',
  log: 'journalctl -n 20 -u dovecot',
  scripts: (served, { node }) => [{ template: 'backends/pop3/pop3', context: { node, port: portsOf(served)[0] } }],
};

const reader: Client = { name: 'pop3', template: 'backends/pop3/ask', packages: curl.packages };

/** A mailbox with one message, which names the real server. */
export const pop3 = backend({
  name: 'pop3',
  protocols: ['tcp'],
  port: 110,
  daemon: dovecot,
  packages: { dovecot: 'dovecot-pop3d' },
  portsTaken: itsPort(dovecot),
  client: reader,
  large: true,
  // Message 1 of the mailbox.
  target: (asked) => url('pop3', asked, '/1'),
  // POP3 has no status numbers. After anything but +OK curl fails.
  statuses: [0],
  healthChecks: ['tcp'],
});

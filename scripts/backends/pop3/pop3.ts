import type { Client } from '../backend.ts';
import { backend } from '../define.ts';
import { itsPort } from '../served.ts';
import { curl, url } from '../shared/curl.ts';
import { dovecot, dovecotPackages } from '../shared/dovecot.ts';

const reader: Client = { name: 'pop3', template: 'backends/pop3/ask', packages: curl.packages };

/** A mailbox with one message, which names the real server. */
export const pop3 = backend({
  name: 'pop3',
  protocols: ['tcp'],
  port: 110,
  daemon: dovecot,
  packages: dovecotPackages,
  portsTaken: itsPort(dovecot),
  client: reader,
  large: true,
  // Message 1 of the mailbox.
  target: (asked) => url('pop3', asked, '/1'),
  // POP3 has no status numbers. After anything but +OK curl fails.
  statuses: [0],
  healthChecks: ['tcp'],
});

import type { Client } from '../backend.ts';
import { backend } from '../define.ts';
import { itsPort } from '../served.ts';
import { curl, url } from '../shared/curl.ts';
import { dovecot, dovecotPackages } from '../shared/dovecot.ts';

const reader: Client = { name: 'imap', template: 'backends/imap/ask', packages: curl.packages };

/** The same mailbox as pop3's; a client selects it and fetches a message. */
export const imap = backend({
  name: 'imap',
  protocols: ['tcp'],
  port: 143,
  daemon: dovecot,
  packages: dovecotPackages,
  portsTaken: itsPort(dovecot),
  client: reader,
  large: true,
  // Message 1 of the mailbox. curl has its own word for that (URL syntax of curl).
  target: (asked) => url('imap', asked, '/INBOX/;MAILINDEX=1'),
  // IMAP has no status numbers. After anything but OK curl fails.
  statuses: [0],
  healthChecks: ['tcp'],
});

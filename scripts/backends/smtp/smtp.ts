import { backend } from '../define.ts';
import { itsPort } from '../served.ts';
import { url } from '../shared/curl.ts';
import { exim, eximPackages, sender } from '../shared/exim.ts';

/** A mail server that takes a message; its greeting names it. */
export const smtp = backend({
  name: 'smtp',
  protocols: ['tcp'],
  port: 25,
  alsoAt: [587],
  daemon: exim,
  packages: eximPackages,
  portsTaken: itsPort(exim),
  client: sender,
  large: true,
  // curl takes the path for the client's name (EHLO).
  target: (asked) => url('smtp', asked, '/client'),
  // The server took the message (RFC 5321, 4.2.3).
  statuses: [250],
  healthChecks: ['smtp', 'tcp'],
});

import { backend } from '../define.ts';
import { url } from '../shared/curl.ts';
import { exim, eximPackages, sender } from '../shared/exim.ts';

/** A mail server whose connections begin with TLS, with a self-signed certificate of the real server. */
export const smtps = backend({
  name: 'smtps',
  protocols: ['tcp'],
  port: 465,
  daemon: exim,
  packages: { ...eximPackages, openssl: 'openssl' },
  portsTaken: (_protocol, port) => [[`tcp ${port}`, `${exim.name} over TLS`]],
  client: sender,
  large: true,
  // curl takes the path for the client's name (EHLO).
  target: (asked) => url('smtps', asked, '/client'),
  // The server took the message (RFC 5321, 4.2.3).
  statuses: [250],
  // keepalived's SMTP_CHECK does not speak TLS.
  healthChecks: ['tcp'],
});

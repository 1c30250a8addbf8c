import type { Client, Daemon, Place, Programs, Served, ServeScript } from '../backend.ts';
import { portsOf } from '../served.ts';
import { certificate } from './certificate.ts';
import { curl } from './curl.ts';

export const eximPackages: Programs = { exim4: 'exim4-daemon-light' };

/** Sends a message by SMTP. */
export const sender: Client = { name: 'mail', template: 'backends/shared/mail', packages: curl.packages };

/** Takes mail, over TLS or not, at any number of ports. */
export const exim: Daemon = {
  name: 'Exim',
  onePort: false,
  unit: 'exim4',
  process: 'exim4',
  log: 'tail /var/log/exim4/mainlog',
  scripts,
};

/** The backend whose connections begin with TLS (RFC 8314). */
const overTls = 'smtps';

/** The name of the key and of the certificate. */
const pair = 'lvs-lab-mail';

function scripts(served: readonly Served[], { lab, node }: Place): ServeScript[] {
  const secure = served.filter(({ backend }) => backend.name === overTls);
  const tlsPorts = portsOf(secure);
  const ports = portsOf(served);
  const urls = ports.map((port) => `${tlsPorts.includes(port) ? 'smtps' : 'smtp'}://127.0.0.1:${port}`);
  return [
    ...(secure.length > 0 ? [certificate(lab, secure, pair)] : []),
    { template: 'backends/shared/exim', context: { node, ports, tlsPorts, pair, urls } },
  ];
}

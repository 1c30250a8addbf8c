import type { Served, ServeScript } from '../backend.ts';
import { vipsOf } from '../served.ts';

/**
 * The script that makes a key and a self-signed certificate for the VIPs of services.
 * @param file their name: /etc/ssl/private/FILE.key and /etc/ssl/certs/FILE.pem. Each daemon has its own, because its VIPs differ
 */
export function certificate(lab: string, served: readonly Served[], file: string): ServeScript {
  const names = vipsOf(served)
    .map((vip) => `IP:${vip}`)
    .join(',');
  return { template: 'backends/shared/certificate', context: { subject: `/CN=lab ${lab}`, names, file } };
}

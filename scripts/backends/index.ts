import type { Protocol } from '../model/words.ts';
import type { Backend } from './backend.ts';
import { dns } from './dns/dns.ts';
import { echo } from './echo/echo.ts';
import { ftp } from './ftp/ftp.ts';
import { http } from './http/http.ts';
import { https } from './https/https.ts';
import { ntp } from './ntp/ntp.ts';
import { pop3 } from './pop3/pop3.ts';
import { smtp } from './smtp/smtp.ts';

/** Every backend, in the order in which a real server sets them up. */
const all = [http, https, dns, echo, ftp, smtp, pop3, ntp] as const;

export type BackendName = (typeof all)[number]['name'];

export const backends: readonly Backend<BackendName>[] = all;

export const backendNames: readonly BackendName[] = backends.map(({ name }) => name);

export function backendOf(name: BackendName): Backend<BackendName> {
  const found = backends.find((one) => one.name === name);
  if (!found) throw new Error(`there is no backend ${name}`);
  return found;
}

/** The backend that has this port by default. */
export function backendAt(port: number): Backend<BackendName> | undefined {
  return backends.find((one) => one.port === port);
}

/** The backend of services at ports of no backend. */
export function usualBackend(protocol: Protocol): Backend<BackendName> {
  const found = backends.find(({ usualOver }) => usualOver.includes(protocol));
  if (!found) throw new Error(`no backend is usual over ${protocol}`);
  return found;
}

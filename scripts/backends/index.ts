import type { Protocol } from '../model/words.ts';
import type { Backend } from './backend.ts';
import * as shelf from './shelf.ts';

export type BackendName = (typeof shelf)[keyof typeof shelf]['name'];

/** Every backend, in the order of the alphabet. */
export const backends: readonly Backend<BackendName>[] = Object.values(shelf);

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

/** Whether what answers at a port has pages without TLS. */
export function servesPlainPages({ backend }: { backend: BackendName }): boolean {
  return backendOf(backend).pages === 'plain';
}

import { joinAddress } from '../../model/addresses.ts';
import type { Asked, Client } from '../backend.ts';

export const curl: Client = { name: 'curl', template: 'backends/shared/curl', packages: { curl: 'curl' } };

/** @param path of the page or file; by default the page that names the real server */
export function url(scheme: string, { address, port, page }: Asked, path = page): string {
  return `${scheme}://${joinAddress(address, port)}${path}`;
}

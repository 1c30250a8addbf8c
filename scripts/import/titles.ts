import { joinAddress } from '../model/addresses.ts';
import type { ImportedService } from './imported.ts';

/** The name of a service in messages: `TCP 192.0.2.10:80`, `all TCP ports of 192.0.2.10`, `mark 7`. */
export function titleOf({ protocol, vip, port }: Pick<ImportedService, 'protocol' | 'vip' | 'port'>): string {
  if (protocol === 'mark') return `mark ${port}`;
  const word = protocol.toUpperCase();
  return port === 0 ? `all ${word} ports of ${vip}` : `${word} ${joinAddress(vip, port)}`;
}

import { servesPlainPages } from '../backends/index.ts';
import { portOf } from '../ipvs/rules.ts';
import { joinAddress } from '../model/addresses.ts';
import type { Health, Service } from '../model/lab.ts';

/** Whether the director answers for a service when all of its real servers have failed. It has only pages without TLS. */
export function isSorry({ sorryServer }: Health, { endpoints: [first] }: Pick<Service, 'endpoints'>): boolean {
  return sorryServer && first !== undefined && servesPlainPages(first);
}

/**
 * Address and port of the sorry server, which is the director. It has the port of the service, since DR keeps the port; a service
 * by mark has none.
 */
export function sorryServerOf(front: string, service: Pick<Service, 'endpoints' | 'fwmark'>): string {
  return joinAddress(front, service.fwmark > 0 ? 0 : portOf(service));
}

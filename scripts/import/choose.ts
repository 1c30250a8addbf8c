import { countOf } from '../count-of.ts';
import { joinAddress } from '../model/addresses.ts';
import { serviceCount } from '../model/limits.ts';
import type { ImportedService } from './imported.ts';
import type { Ledger } from './ledger.ts';
import { titleOf } from './titles.ts';

/** Somebody must choose services. */
export class ChoiceError extends Error {
  /** A line for each service. */
  readonly services: readonly string[];

  constructor(what: string, services: readonly ImportedService[]) {
    super(what);
    this.services = services.map((one) => `${titleOf(one)}, ${countOf(one.servers.length, 'real server')}`);
  }
}

/**
 * The services that become a lab.
 * @param wanted their titles, or addresses with or without ports; undefined for all
 * @throws ChoiceError when a lab has no room for all, or has none of those that are wanted
 */
export function chosen(
  services: readonly ImportedService[],
  wanted: readonly string[] | undefined,
  ledger: Ledger,
): ImportedService[] {
  for (const one of services) if (one.servers.length === 0) ledger.leave(one.by, 'it has no real server');
  const served = services.filter(({ servers }) => servers.length > 0);
  const strange = wanted?.find((one) => !served.some((service) => isMeant(service, one)));
  if (strange !== undefined) throw new ChoiceError(`no service is called ${strange}`, served);
  const found = served.filter((service) => !wanted || wanted.some((one) => isMeant(service, one)));
  if (found.length > serviceCount.most)
    throw new ChoiceError(`${found.length} services, and a lab has at most ${serviceCount.most}`, found);
  for (const one of served) if (!found.includes(one)) ledger.leave(one.by, '--service does not name it');
  return found;
}

function isMeant(service: ImportedService, word: string): boolean {
  const { protocol, vip, port } = service;
  const names = protocol === 'mark' ? [] : [vip, joinAddress(vip, port), `${protocol}/${joinAddress(vip, port)}`];
  return [titleOf(service), ...names].some((one) => one.toLowerCase() === word.trim().toLowerCase());
}

import { isAddress } from '../../../model/addresses.ts';
import type { ImportedPair, Said } from '../../imported.ts';
import type { Ledger } from '../../ledger.ts';
import { lastSaid } from '../../said.ts';
import type { Statement } from '../../statement.ts';
import { named, seconds } from './values.ts';

/** Addresses that the director itself has, as its VRRP says. */
export function ownAddresses(instances: readonly Statement[]): Said<string>[] {
  return instances.flatMap(({ block }) =>
    named(block, 'unicast_src_ip', 'mcast_src_ip').flatMap((by) => {
      const address = by.word(1) ?? '';
      return isAddress(address) ? [{ value: address, by }] : [];
    }),
  );
}

/** A vrrp_instance as a lab's two directors can have it. */
export function pairOf(by: Statement, ledger: Ledger): ImportedPair {
  const { block } = by;
  by.word(1);
  const addresses = named(block, 'virtual_ipaddress');
  return {
    by,
    interval: lastSaid(ledger, named(block, 'advert_int'), 1, seconds),
    preemptDelay: lastSaid(ledger, named(block, 'preempt_delay'), 0, seconds),
    alike: addresses,
  };
}

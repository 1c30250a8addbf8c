import { isAddress } from '../../../model/addresses.ts';
import type { ImportedPair, Said } from '../../imported.ts';
import type { Ledger } from '../../ledger.ts';
import { lastSaid, wholeNumber } from '../../said.ts';
import type { Statement } from '../../statement.ts';
import { Wrong } from '../../wrong.ts';
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

/**
 * A vrrp_instance as a lab's two directors can have it.
 * @param daemons lvs_sync_daemon, of which the last counts
 */
export function pairOf(by: Statement, daemons: readonly Statement[], ledger: Ledger): ImportedPair {
  const { block } = by;
  by.word(1);
  const addresses = named(block, 'virtual_ipaddress');
  const peers = named(block, 'unicast_peer');
  const [peer] = peers;
  return {
    by,
    interval: lastSaid(ledger, named(block, 'advert_int'), usualInterval, seconds),
    preemptDelay: lastSaid(ledger, named(block, 'preempt_delay'), 0, seconds),
    nopreempt: lastSaid(ledger, named(block, 'nopreempt'), false, () => true),
    unicast: { value: peer !== undefined, by: peer },
    sync: lastSaid(ledger, daemons, {}, syncOf),
    vips: addresses.flatMap((one) => one.block ?? []),
    alike: [...addresses, ...peers.flatMap((one) => one.block ?? []), ...(peer ? named(block, 'unicast_src_ip') : [])],
  };
}

/** Seconds, RFC 5798 and keepalived.conf(5). */
const usualInterval = 1;

/** Options of ipvsadm by the words of keepalived, with their largest value. */
const syncWords = {
  id: ['syncid', 255],
  maxlen: ['maxlen', 65_507],
  port: ['port', 65_535],
  ttl: ['ttl', 255],
} as const;

/** `lvs_sync_daemon INTERFACE [[inst] INSTANCE] [id N] [maxlen N] [port N] [ttl N] [group ADDRESS]` */
function syncOf(by: Statement): ImportedPair['sync']['value'] | Wrong {
  const [, ...words] = by.from(1);
  const found: ImportedPair['sync']['value'] = {};
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const known = Object.entries(syncWords).find(([name]) => name === word)?.[1];
    if (word === 'group') {
      const address = words[++at] ?? '';
      if (!isAddress(address)) return new Wrong(`${JSON.stringify(address)} is not an address`);
      found.group = address;
    } else if (known) {
      const [name, most] = known;
      const value = wholeNumber(words[++at], name === 'syncid' ? 0 : 1, most);
      if (value instanceof Wrong) return new Wrong(`${word}: ${value.why}`);
      found[name] = value;
    }
  }
  return found;
}

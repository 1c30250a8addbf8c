import type { Family } from '../model/addresses.ts';
import { shellQuote } from '../render/shell-quote.ts';
import type { NodeCommand } from './fault.ts';

/** Shell text with quoted values. The values of a list are quoted one by one, with spaces between them. */
export function sh(text: TemplateStringsArray, ...values: (string | number | readonly string[])[]): string {
  const quoted = values.map((value) =>
    typeof value === 'object' ? value.map(shellQuote).join(' ') : shellQuote(value),
  );
  return String.raw({ raw: text.raw }, ...quoted);
}

/** Sets $nic to the interface that has an address: a box may call it eth1, ens6 or enp0s8. */
export function findNic(address: string): string {
  return sh`nic=$(ip -oneline address show to ${address} | cut -d " " -f 2)`;
}

/** The end of `ip address add`: an address of IPv6 is used at once, without duplicate address detection. */
export function atOnce(family: Family): string {
  return family === 6 ? ' nodad' : '';
}

/** A command on the node that has an address; it finds the interface of that address in $nic. */
export function onNic(on: string, address: string, run: string): NodeCommand {
  return { on, run: `${findNic(address)} && ${run}` };
}

/** Sets $nic to the interface with a MAC, also if it has lost its addresses. */
export function nicByMac(mac: string): string {
  return sh`nic=$(grep -lsx ${mac} /sys/class/net/*/address | head -n 1) && nic=$(basename "$(dirname "$nic")")`;
}

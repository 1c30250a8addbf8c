import { shellQuote } from '../render/shell-quote.ts';

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

import type { Source } from '../source.ts';
import type { StateEntry } from '../state.ts';
import { nftFacts } from './nft.ts';

/** nftables, and the tables of iptables-legacy, which are others. */
export const firewall: Source = {
  name: 'firewall',
  parse: (text) => {
    const [ruleset = '', ...parts] = text.split(/^@@(?=ip6?tables )/m);
    return [
      ...nftFacts(ruleset),
      ...parts.flatMap((part) => {
        const [head = '', ...lines] = part.split('\n');
        return legacyFacts(head.split(' ')[0] ?? '', lines);
      }),
    ];
  },
};

/**
 * What iptables-legacy-save prints: `*filter`, `:INPUT ACCEPT [0:0]`, `-A INPUT -s 192.0.2.1/32 -j DROP`. The rules of a chain are
 * also one fact, because their order counts.
 */
function legacyFacts(section: string, lines: readonly string[]): StateEntry[] {
  const found: StateEntry[] = [];
  const chains = new Map<string, string[]>();
  let table = '';
  for (const line of lines) {
    const [, chain = '', policy = ''] = /^:(\S+) (\S+)/.exec(line) ?? [];
    const [, target = ''] = /^-A (\S+) /.exec(line) ?? [];
    if (line.startsWith('*')) table = line.slice(1);
    else if (chain && policy !== 'ACCEPT') found.push({ section, key: `${table} chain ${chain}`, value: policy });
    else if (target) {
      found.push({ section, key: `${table} ${line}`, value: '' });
      chains.set(`${table} rules ${target}`, [...(chains.get(`${table} rules ${target}`) ?? []), line]);
    }
  }
  return [...found, ...[...chains].map(([key, rules]) => ({ section, key, value: rules.join('\n') }))];
}

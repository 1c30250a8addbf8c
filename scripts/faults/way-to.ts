import { overlap, prefixOf } from '../model/addresses.ts';
import type { Facts } from '../state/section.ts';
import type { StateEntry } from '../state/state.ts';

/**
 * The route of the main table that packets to an address take: that of the longest prefix, and of those the one of the lowest metric.
 * Undefined where there is none.
 */
export function wayTo(facts: Facts, address: string): StateEntry | undefined {
  const fitting = facts.below('route', '').flatMap((route) => {
    const [to = '', ...words] = route.key.split(' ');
    if (words.includes('table')) return [];
    const prefix = to === 'default' ? 0 : prefixOf(to);
    const covers = to === 'default' ? !address.includes(':') : overlap(address, to);
    const metric = Number(words[words.indexOf('metric') + 1] ?? 0) || 0;
    return covers ? [{ route, prefix, metric }] : [];
  });
  return fitting.sort((one, other) => other.prefix - one.prefix || one.metric - other.metric)[0]?.route;
}

/** Whether rules may send packets to other tables than the main one. */
export function hasOwnRules(facts: Facts): boolean {
  return facts.below('rule', '').some(({ key }) => !/^(-6 )?priority (0|32766|32767|1000) from all lookup/.test(key));
}

/** Types of routes that end packets. */
export const endsHere = /^(blackhole|unreachable|prohibit)\b/;

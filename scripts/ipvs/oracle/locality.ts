import { type Destination, leastByWeight, overhead, type SchedulerModel } from './model.ts';

/** is_overloaded in ip_vs_lblc.c: it has more connections than its weight, while another has less than half of its. */
function isCrowded(one: Destination, all: readonly Destination[]): boolean {
  return one.active > one.weight && all.some(({ active, weight }) => active * 2 < weight);
}

/** ip_vs_lblc.c: a VIP stays with the server that it met first, until that is crowded; then the least loaded takes over. */
export const lblc: SchedulerModel = (destinations) => {
  const cache = new Map<string, Destination>();
  return ({ vip }) => {
    const known = cache.get(vip);
    if (known && known.weight > 0 && !isCrowded(known, destinations)) return known;
    const found = leastByWeight(destinations, overhead);
    if (found) cache.set(vip, found);
    return found;
  };
};

/**
 * ip_vs_lblcr.c: the same with a set of servers a VIP: the least loaded of the set, to which another is added when that is
 * crowded. The newest stands first. (A set that has not changed for a day loses one; no lab lives that long.)
 */
export const lblcr: SchedulerModel = (destinations) => {
  const sets = new Map<string, Destination[]>();
  return ({ vip }) => {
    const set = sets.get(vip);
    const known = set && leastByWeight(set, overhead);
    if (known && !isCrowded(known, destinations)) return known;
    const found = leastByWeight(destinations, overhead);
    if (!found) return undefined;
    if (!set) sets.set(vip, [found]);
    else if (!set.includes(found)) set.unshift(found);
    return found;
  };
};

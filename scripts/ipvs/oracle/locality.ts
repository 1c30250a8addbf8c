import { type Destination, leastByWeight, overheadIn, type SchedulerModel } from './model.ts';

/** is_overloaded in ip_vs_lblc.c: it has more connections than its weight, while another has less than half of its. */
function isCrowded(one: Destination, all: readonly Destination[]): boolean {
  return one.active > one.weight && all.some(({ active, weight }) => active * 2 < weight);
}

/** ip_vs_lblc.c: a VIP stays with its first server until that is overloaded; then the least loaded one takes over. */
export const lblc: SchedulerModel = (destinations, _flags, kernel) => {
  const overhead = overheadIn(kernel);
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
 * ip_vs_lblcr.c: the same with a set of servers for each VIP. The least loaded of the set is chosen; when it is overloaded, another
 * server joins the set. The newest is first. (A set that has not changed for a day loses a server; no lab lives that long.)
 */
export const lblcr: SchedulerModel = (destinations, _flags, kernel) => {
  const overhead = overheadIn(kernel);
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

import { type Destination, isAvailable, leastByWeight, overheadIn, type SchedulerModel } from './model.ts';

/** ip_vs_lc.c, ip_vs_lc_schedule: the first with the least overhead, whatever the weights above 0. */
export const lc: SchedulerModel = (destinations, _flags, kernel) => {
  const overhead = overheadIn(kernel);
  return () =>
    destinations
      .filter(isAvailable)
      .reduce<Destination | undefined>(
        (least, one) => (least === undefined || overhead(one) < overhead(least) ? one : least),
        undefined,
      );
};

/** ip_vs_wlc.c, ip_vs_wlc_schedule: least overhead by weight. */
export const wlc: SchedulerModel = (destinations, _flags, kernel) => () =>
  leastByWeight(destinations, overheadIn(kernel));

/** ip_vs_sed_dest_overhead: connections there would be with this one; inactive ones do not count. */
function expectedDelay({ active }: Destination): number {
  return active + 1;
}

/** ip_vs_sed.c, ip_vs_sed_schedule: shortest expected delay. */
export const sed: SchedulerModel = (destinations) => () => leastByWeight(destinations, expectedDelay);

/** ip_vs_nq.c, ip_vs_nq_schedule: never queue: the first that is idle, else like sed. */
export const nq: SchedulerModel = (destinations) => () =>
  destinations.find((one) => isAvailable(one) && one.active === 0) ?? leastByWeight(destinations, expectedDelay);

import { type Destination, isAvailable, type SchedulerModel } from './model.ts';

/** The first with the highest weight among the available ones. */
function heaviest(destinations: readonly Destination[], may: (one: Destination) => boolean): Destination | undefined {
  return destinations
    .filter(may)
    .reduce<Destination | undefined>(
      (best, one) => (best === undefined || one.weight > best.weight ? one : best),
      undefined,
    );
}

/** ip_vs_fo.c, ip_vs_fo_schedule: weighted fail-over: always the heaviest that is available. */
export const fo: SchedulerModel = (destinations) => () => heaviest(destinations, isAvailable);

/** ip_vs_ovf.c, ip_vs_ovf_schedule: the heaviest that has no more active connections than its weight. */
export const ovf: SchedulerModel = (destinations) => () =>
  heaviest(destinations, (one) => isAvailable(one) && one.active <= one.weight);

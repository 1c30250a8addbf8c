import { greatestCommonDivisor, isAvailable, type SchedulerModel } from './model.ts';

/** ip_vs_rr.c, ip_vs_rr_schedule: the next in the list that is available, from the one that was last. */
export const rr: SchedulerModel = (destinations) => {
  let last = -1;
  return () => {
    for (let step = 1; step <= destinations.length; step++) {
      const at = (last + step) % destinations.length;
      const one = destinations[at];
      if (one && isAvailable(one)) {
        last = at;
        return one;
      }
    }
    return undefined;
  };
};

/**
 * ip_vs_wrr.c: walks the list again and again and takes every server whose weight is at least cw (current weight). With each walk
 * cw falls by di (greatest common divisor), from mw (maximum) to 1. Adding the first real server leaves cw at 1, and it
 * stays there while more are added. So the very first walk takes every server.
 */
export const wrr: SchedulerModel = (destinations) => {
  const weights = destinations.map(({ weight }) => weight);
  // ip_vs_wrr_dest_changed, once for each real server as it was added: the last in the list came first.
  let [cw, mw, di] = [0, 0, 1];
  for (let count = 1; count <= weights.length; count++) {
    const added = weights.slice(-count);
    di = greatestCommonDivisor(added) || 1;
    mw = Math.max(0, ...added) - (di - 1);
    if (cw > mw || cw === 0) cw = mw;
    else if (di > 1) cw = Math.floor(cw / di) * di + 1;
  }
  let current = -1; // -1 is the head of the list
  return () => {
    // ip_vs_wrr_schedule; `last`, `stop` and the two flags are the kernel's.
    if (mw === 0) return undefined;
    const last = current;
    let [at, stop, lastPass, restarted] = [current, -1, false, false];
    for (;;) {
      for (at += 1; at < destinations.length; at++) {
        const one = destinations[at];
        if (one && !one.overloaded && one.weight >= cw) {
          current = at;
          return one;
        }
        if (at === stop) {
          current = at;
          return undefined;
        }
      }
      at = -1;
      cw -= di;
      if (cw <= 0) {
        cw = mw;
        if (lastPass || last === -1) {
          current = -1;
          return undefined;
        }
        restarted = true;
      }
      lastPass = cw <= di;
      if (lastPass && restarted && last !== -1) stop = last;
    }
  };
};

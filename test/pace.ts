/**
 * The pace: how many times longer this computer takes than the reference (CONTRIBUTING.md), at least 1. The runner measures it
 * and passes it in LAB_TEST_PACE.
 */
export const pace = Math.max(1, Number(process.env.LAB_TEST_PACE) || 1);

/** A deadline in milliseconds that is enough at pace 1, made longer for this computer. */
export function scaled(milliseconds: number): number {
  return Math.round(milliseconds * pace);
}

/**
 * How many times longer this computer takes than two cores without KVM in an ordinary hour, at least 1. The runner measures it
 * and says it to the tests by LAB_TEST_PACE.
 */
export const pace = Math.max(1, Number(process.env.LAB_TEST_PACE) || 1);

/** Milliseconds that do in an ordinary hour, for this computer. */
export function scaled(milliseconds: number): number {
  return Math.round(milliseconds * pace);
}

/** Rounds of A B A B …: what slows the computer down for a while slows all of them alike. */
export async function interleaved<T>(
  rounds: number,
  all: readonly T[],
  measure: (one: T, round: number) => Promise<void>,
): Promise<void> {
  for (let round = 1; round <= rounds; round++) for (const one of all) await measure(one, round);
}

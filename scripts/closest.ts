/** The candidate nearest to a mistyped word, for "did you mean", or undefined when none is near. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    // If every letter must change, the two words have nothing in common.
    .filter(({ distance }) => distance <= limit && distance < word.length)
    .sort((a, b) => a.distance - b.distance);
  // If exactly one candidate begins with the typed word, it is meant, however much of it is missing.
  const [begun, another] = candidates.filter((one) => word.length >= 4 && one.startsWith(word.toLowerCase()));
  return ranked[0]?.candidate ?? (another === undefined ? begun : undefined);
}

/** `did you mean rr?` for a word that is near a candidate; undefined when none is near. */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  const near = closest(word, candidates);
  return near === undefined ? undefined : `did you mean ${near}?`;
}

/** Levenshtein distance, with a swap of neighbours as one step. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity;
      const change = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      (rows[i] as number[])[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, change, swap);
    }
  }
  return at(a.length, b.length);
}

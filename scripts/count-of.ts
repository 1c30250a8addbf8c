/** `1 answer`, `12 answers`: a number with its noun. @param noun of one; an s makes it the noun of several */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

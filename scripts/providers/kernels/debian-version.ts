/** Compares versions of Debian's packages as dpkg does: deb-version(7). */
export function compareDebian(one: string, other: string): number {
  const [a, b] = [partsOf(one), partsOf(other)];
  return a.epoch - b.epoch || compareParts(a.upstream, b.upstream) || compareParts(a.revision, b.revision);
}

function partsOf(version: string): { epoch: number; upstream: string; revision: string } {
  const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/.exec(version) ?? [];
  const hyphen = rest.lastIndexOf('-');
  const upstream = hyphen < 0 ? rest : rest.slice(0, hyphen);
  return { epoch: Number(epoch), upstream, revision: hyphen < 0 ? '' : rest.slice(hyphen + 1) };
}

/** Turns of text and digits: the text by `weight`, the digits as a number. */
function compareParts(one: string, other: string): number {
  let [a, b] = [one, other];
  while (a !== '' || b !== '') {
    const [wordA = '', wordB = ''] = [/^\D*/.exec(a)?.[0], /^\D*/.exec(b)?.[0]];
    for (let at = 0; at < Math.max(wordA.length, wordB.length); at++) {
      const difference = weight(wordA[at]) - weight(wordB[at]);
      if (difference !== 0) return difference;
    }
    [a, b] = [a.slice(wordA.length), b.slice(wordB.length)];
    const [digitsA = '', digitsB = ''] = [/^\d*/.exec(a)?.[0], /^\d*/.exec(b)?.[0]];
    if (Number(digitsA) !== Number(digitsB)) return Number(digitsA) - Number(digitsB);
    [a, b] = [a.slice(digitsA.length), b.slice(digitsB.length)];
  }
  return 0;
}

/** A tilde comes before the end of the text, letters before other characters. */
function weight(character: string | undefined): number {
  if (character === undefined) return 0;
  if (character === '~') return -1;
  return character.charCodeAt(0) + (/[A-Za-z]/.test(character) ? 0 : 256);
}

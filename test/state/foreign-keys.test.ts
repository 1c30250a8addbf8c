import test from 'ava';
import { sections } from '../../scripts/state/sections/index.ts';
import type { StateEntry } from '../../scripts/state/state.ts';
import { tell } from '../../scripts/state/tell.ts';

/** A word that no table has. */
const unknown = 'qqqqqqqqqqq';

/** Places of a key in which a machine may have any word. */
const places = (word: string) => [
  word,
  `front ${word}`,
  `front ${word}.${word}`,
  `net.ipv4.${word}`,
  `net.netfilter.${word}`,
  `apache2.service ${word}`,
  `filter -A INPUT -j ${word}`,
  `filter chain ${word}`,
  `/etc/${word}`,
  `-t 10.0.0.1:80 -r ${word}`,
  `daemon ${word}`,
];

function toldOf(section: string, key: string): unknown[] {
  const facts = (value: string): StateEntry[] => [{ section, key, value }];
  const told = [
    ...tell('rs1', [], facts('x')),
    ...tell('rs1', facts('x'), []),
    ...tell('rs1', facts('x'), facts('other')),
  ];
  return told.map(({ may, undo }) => [`${may}`, `${undo}`]);
}

for (const word of ['constructor', '__proto__', 'toString', 'valueOf', 'hasOwnProperty']) {
  test(`a key ${word} is told like any other`, (t) => {
    for (const { name } of sections) {
      for (const [at, key] of places(word).entries()) {
        const plain = JSON.stringify(toldOf(name, places(unknown)[at] ?? '')).replaceAll(unknown, word);
        t.is(JSON.stringify(toldOf(name, key)), plain, `${name} ${key}`);
      }
    }
  });
}

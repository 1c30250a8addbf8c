import { compareSchedulers } from '../../scripts/comparison/schedulers.ts';
import { schedulersText } from '../../scripts/report/compared-schedulers.ts';
import { wrapLines } from '../../scripts/report/wrap.ts';

const head = `# Comparison

\`lab compare --schedulers sh,mh\` computes how a scheduler spreads a load, with the kernel's own algorithms ([schedulers](schedulers.md)).
It needs no machine, and the same options give the same numbers on every computer.
`;

/** 16 equal real servers. */
const evenly = {
  schedulers: ['rr', 'wlc', 'twos', 'sh', 'dh', 'mh'] as const,
  flags: [],
  weights: Array<number>(16).fill(1),
  connections: 20_000,
  vips: 1000,
  seed: 1,
};

/** docs/comparison.md: what the command computes. */
export function comparisonPage(): string {
  const command = `lab compare --schedulers ${evenly.schedulers.join(',')} --servers 16 --vips 1000 --connections 20000`;
  const found = schedulersText(
    { ...evenly, figures: compareSchedulers(evenly) },
    { paint: (_, text) => text, width: 80 },
  );
  return `${head}
## Schedulers

    npx ${command}

\`\`\`text
${wrapLines(found, 80)}
\`\`\`

What to see in it:

- Schedulers that choose in turn or count connections spread a load evenly. Hashing spreads it by chance: each real server
  gets some per cent more or less than its share.
- When one of sixteen real servers leaves or joins, sh and dh give most clients another real server, because they fill their tables in
  turn. mh moves little more than the clients that must move: that is what Maglev hashing is for. With sessions on the real servers,
  or with caches, each moved client costs a login or a miss.
- dh does not look at weights.
- A real server with weight 0 keeps its places in the table. Its clients are refused, unless the flag \`sh-fallback\` or \`mh-fallback\`
  is set. dh has no such flag.
- Without flags, sh and mh know a client by its address alone: all connections of one address go to one real server.
`;
}

import type { MethodFigures } from '../../scripts/comparison/methods.ts';
import { compareSchedulers } from '../../scripts/comparison/schedulers.ts';
import { methodsText } from '../../scripts/report/compared-methods.ts';
import { schedulersText } from '../../scripts/report/compared-schedulers.ts';
import type { Look } from '../../scripts/report/output.ts';
import { wrapLines } from '../../scripts/report/wrap.ts';
import { recordedComparison } from '../runner/recorded-comparison.ts';

const head = `# Comparison

\`lab compare NAME…\` brings labs up, one after the other, sends the same requests in each, and counts: frames at the switches, and
IPVS’s own counters. It counts packets and bytes, not time, so that the numbers do not depend on the computer. How often TCP
acknowledges depends on when packets come; the brackets show it.

With \`--instructions\` the machines are emulated and have a clock that counts instructions: one is 4 ns (\`-icount shift=2\`). ftrace then
tells how many instructions a function takes with all that it calls. What tracing adds to a call is measured by a function that
does nothing, and taken off. \`--against before.json\` says which numbers differ from those that \`--json\` printed before.

\`lab compare nat --growth\` sets one director up again and again: with up to 16 entries of a service and up to 100 services, by IPVS,
by nft with a rule for each service, and by nft with a map. It counts how many instructions the director is busy with for a request by a
new connection, whatever it does them for, and says by which law that grows. A director by NAT tracks connections, also those of IPVS,
because it has a rule that hides the real servers; all three ways bear that. A round takes some minutes.

\`lab compare --schedulers sh,mh\` computes how a scheduler spreads a load, by the kernel’s own algorithms ([schedulers](schedulers.md)).
It needs no machine, and the same options give the same numbers on every computer.
`;

const look: Look = { paint: (_, text) => text, width: 80 };

/** 16 equal real servers. */
const evenly = {
  schedulers: ['rr', 'wlc', 'twos', 'sh', 'dh', 'mh'] as const,
  flags: [],
  weights: Array<number>(16).fill(1),
  connections: 20_000,
  vips: 1000,
  seed: 1,
};

/** What IPVS missed of an upload by DR, where only headers are missing. */
function merged(labs: readonly MethodFigures[]): string {
  const counted = labs.find(({ lab }) => lab === 'dr')?.loads.find(({ load }) => load === 'upload')?.counted;
  if (!counted) return '';
  const packets = counted.frames.there.packets - counted.ipvs.there.packets;
  const bytes = counted.frames.there.bytes - counted.ipvs.there.bytes;
  if (packets <= 0 || bytes !== packets * 52) return '';
  return `- For an upload IPVS may count fewer packets than came. In lab dr ${packets} packets are missing, and ${bytes} bytes, which are
  ${packets} headers of 52 bytes. That fits a kernel that merges packets of a connection before IPVS sees them (generic receive offload).
`;
}

/** docs/comparison.md: what the command computes. */
export async function comparisonPage(): Promise<string> {
  const labs = await recordedComparison();
  const command = `lab compare --schedulers ${evenly.schedulers.join(',')} --servers 16 --vips 1000 --connections 20000`;
  const found = schedulersText({ ...evenly, figures: compareSchedulers(evenly) }, look);
  return `${head}
## Forwarding methods

    npx lab compare ${labs.map(({ lab }) => lab).join(' ')} --instructions

![Bytes into the director and out of it for a page, a download and an upload, as bars for each lab.](comparison.svg)

This was recorded with ${labs[0]?.loads[0]?.requests} requests of each kind, on a busy computer without hardware virtualisation.

\`\`\`text
${wrapLines(methodsText(labs, look), 80)}
\`\`\`

What to see in it:

- Without answers, a director sees only the client’s packets. A download makes many of them, which are acknowledgements of 52 bytes.
- The client’s TCP acknowledges more or less often, so the number of packets differs from request to request.
${merged(labs)}- The number of instructions for a call is nearly the same each time. A call takes more of them when the kernel allocates memory in it
  or is interrupted. Sending on differs most: NAT also rewrites addresses and computes checksums, and a tunnel adds a header. NAT's
  director works for answers too.
- In the upload by TUN more bytes came to the director than it sent on. That fits packets of 1500 bytes that do not fit into the
  tunnel, and that the client sends again in shorter ones. \`lab path tun --size 1448\` shows such a packet.

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

import { type Echoes, type LineSeen, lostRows } from '../echoes/echoes.ts';

/** What can be wrong with a line, as pings show it. */
interface LineFault {
  /** The id of a known fault (scripts/faults/). */
  id: string;
  what(node: string): string;
  why: string;
  /** What was seen; undefined when the line does not have this fault. */
  seen(line: LineSeen, all: readonly LineSeen[]): string | undefined;
}

/** A line is bad if this share of the pings or more shows it. A busy computer loses single pings. */
const share = 0.08;

/** An emulated machine may take milliseconds for a ping at times, but never this long for each of fifty. */
const slowMs = 40;

/** Losses come in bursts if so many pings on average are lost in a row. */
const burst = 4;

/** The first one that is seen counts. */
const faults: readonly LineFault[] = [
  {
    id: 'line-cut',
    what: (node) => `no frame gets through the line from ${node} to the network`,
    why: 'every packet is lost on the line',
    seen: ({ node, short }) =>
      lostIn(short) === short.sent ? `none of ${short.sent} pings to ${node} was answered` : undefined,
  },
  {
    id: 'line-bursts',
    what: (node) => `the line from ${node} to the network loses many frames in a row`,
    why: 'TCP sends lost segments again, and waits longer each time',
    seen: ({ node, short }) =>
      losesMany(short) && meanRow(short) >= burst
        ? `${lostText({ node, short })}, up to ${Math.max(...lostRows(short))} in a row`
        : undefined,
  },
  {
    id: 'line-loss',
    what: (node) => `the line from ${node} to the network loses frames`,
    why: 'TCP sends lost segments again, and waits longer each time',
    seen: ({ node, short }) => (losesMany(short) ? lostText({ node, short }) : undefined),
  },
  {
    id: 'line-short-frames',
    what: (node) => `the line from ${node} to the network loses long frames`,
    why: 'short requests are answered and long ones hang: no ICMP error tells the sender',
    seen: ({ node, short, long }) =>
      !long.tooLong && long.sent > 0 && long.back.length === 0
        ? `${short.back.length} of ${short.sent} short pings to ${node} were answered, and none of ${long.sent} that fill a frame`
        : undefined,
  },
  {
    id: 'line-delay',
    what: (node) => `the line from ${node} to the network delays frames`,
    why: 'every frame arrives, but late',
    seen: ({ node, short }, all) => {
      const fastest = Math.min(...short.times);
      const usual = Math.min(...all.filter((one) => one.node !== node).flatMap((one) => one.short.times));
      if (fastest <= slowMs || (Number.isFinite(usual) && fastest <= 5 * usual)) return undefined;
      const than = Number.isFinite(usual) ? `; to other machines it took ${usual} ms` : '';
      return `the fastest of ${short.back.length} pings to ${node} took ${fastest} ms${than}`;
    },
  },
  {
    id: 'line-duplicates',
    what: (node) => `the line from ${node} to the network delivers frames twice`,
    why: 'TCP drops the second copy',
    seen: ({ node, short: { sent, duplicates } }) =>
      duplicates > sent * share ? `${duplicates} of ${sent} pings to ${node} were answered more than once` : undefined,
  },
  {
    id: 'line-reorders',
    what: (node) => `the line from ${node} to the network reorders frames`,
    why: 'TCP takes late segments for lost, and sends them again',
    seen: ({ node, short: { sent, overtaken } }) =>
      overtaken > sent * share
        ? `${overtaken} of ${sent} pings to ${node} were answered after a later ping`
        : undefined,
  },
];

/** What is wrong with a line, and what was seen of it. */
export interface FoundFault {
  id: string;
  what: (node: string) => string;
  why: string;
  seen: string;
}

/** @param all all lines that were looked at, including this one */
export function faultOf(line: LineSeen, all: readonly LineSeen[]): FoundFault | undefined {
  if (line.short.sent === 0) return undefined;
  for (const { id, what, why, seen } of faults) {
    const text = seen(line, all);
    if (text !== undefined) return { id, what, why, seen: text };
  }
  return undefined;
}

const lostIn = ({ sent, back }: Echoes) => sent - back.length;
const losesMany = (echoes: Echoes) => lostIn(echoes) > echoes.sent * share;
const meanRow = (echoes: Echoes) => lostIn(echoes) / lostRows(echoes).length;
const lostText = ({ node, short }: Pick<LineSeen, 'node' | 'short'>) =>
  `${lostIn(short)} of ${short.sent} pings to ${node} got no answer`;

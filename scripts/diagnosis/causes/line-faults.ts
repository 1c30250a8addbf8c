import { type Echoes, type LineSeen, lostRows } from '../echoes/echoes.ts';

/** What can be wrong with a line, as echoes show it. */
interface LineFault {
  /** Of the fault shelf. */
  id: string;
  what(node: string): string;
  why: string;
  /** What was seen of it; undefined where the line is not like that. */
  seen(line: LineSeen, all: readonly LineSeen[]): string | undefined;
}

/** Losses of this share and more are no accident. Single ones happen where the computer is busy. */
const share = 0.08;

/** Every emulated machine takes milliseconds at times, but never for each of fifty echoes. */
const slowMs = 40;

/** Losses in rows of so many frames on average do not come one by one. */
const burst = 4;

/** The first one that fits is what is wrong. */
const faults: readonly LineFault[] = [
  {
    id: 'line-cut',
    what: (node) => `nothing gets through the line of ${node}`,
    why: 'packets end on the line',
    seen: ({ short }) => (lostIn(short) === short.sent ? `all ${short.sent} echoes were lost` : undefined),
  },
  {
    id: 'line-bursts',
    what: (node) => `the line of ${node} loses frames, many in a row`,
    why: 'TCP sends again what was lost, later and later',
    seen: ({ short }) =>
      losesMany(short) && meanRow(short) >= burst
        ? `${lostText(short)}, up to ${Math.max(...lostRows(short))} in a row`
        : undefined,
  },
  {
    id: 'line-loss',
    what: (node) => `the line of ${node} loses frames`,
    why: 'TCP sends again what was lost, later and later',
    seen: ({ short }) => (losesMany(short) ? lostText(short) : undefined),
  },
  {
    id: 'line-short-frames',
    what: (node) => `the line of ${node} loses long frames`,
    why: 'short requests pass, long ones hang: nobody tells their sender',
    seen: ({ short, long }) =>
      !long.tooLong && long.sent > 0 && long.back.length === 0
        ? `${short.back.length} of ${short.sent} short echoes came back, and none of ${long.sent} of a full frame`
        : undefined,
  },
  {
    id: 'line-delay',
    what: (node) => `the line of ${node} delays frames`,
    why: 'everything arrives, late',
    seen: ({ node, short }, all) => {
      const fastest = Math.min(...short.times);
      const usual = Math.min(...all.filter((one) => one.node !== node).flatMap((one) => one.short.times));
      if (fastest <= slowMs || (Number.isFinite(usual) && fastest <= 5 * usual)) return undefined;
      const than = Number.isFinite(usual) ? `, and of other lines ${usual} ms` : '';
      return `the fastest of ${short.back.length} echoes took ${fastest} ms${than}`;
    },
  },
  {
    id: 'line-duplicates',
    what: (node) => `the line of ${node} delivers frames twice`,
    why: 'TCP drops what it has already',
    seen: ({ short: { sent, duplicates } }) =>
      duplicates > sent * share ? `${duplicates} of ${sent} echoes came back more than once` : undefined,
  },
  {
    id: 'line-reorders',
    what: (node) => `frames overtake each other on the line of ${node}`,
    why: 'TCP takes some for lost',
    seen: ({ short: { sent, overtaken } }) =>
      overtaken > sent * share ? `${overtaken} of ${sent} echoes came back behind a later one` : undefined,
  },
];

/** What is wrong with a line, and what was seen of it. */
export interface FoundFault {
  id: string;
  what: (node: string) => string;
  why: string;
  seen: string;
}

/** @param all the lines that were looked at, this one too */
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
const lostText = (echoes: Echoes) => `${lostIn(echoes)} of ${echoes.sent} echoes were lost`;

import { theNode } from '../../plan/plan.ts';
import type { Suspect } from '../cause.ts';
import { type Echoes, type LineSeen, lostRows } from '../echoes/echoes.ts';
import type { Evidence } from '../evidence.ts';
import { layerOf } from '../layer.ts';
import { hurtByNode } from '../reach.ts';

/** Lines that lose, delay, double or reorder frames, where nothing that differs on their two machines can be the reason. */
export function lines(evidence: Evidence): Suspect[] {
  const { plan, lines: all = [] } = evidence;
  const director = theNode(plan, 'director').name;
  const ill = all.flatMap((line) => faultOf(line, all).map((found) => ({ node: line.node, found })));
  // The director's own line is a part of every way.
  const [first] = ill;
  const shared =
    first && all.length > 1 && ill.length === all.length && ill.every(({ found }) => found.id === first.found.id);
  const suspects = shared ? [{ ...first, node: director }] : ill;
  return suspects
    .filter(({ node }) => !differsBelow(evidence, node) && !differsBelow(evidence, director))
    .map(({ node, found }) => ({
      ...found,
      ...{ node, layer: 'line', object: `the line of ${node}`, proof: 'seen', mend: [], explains: [] },
      hurts: hurtByNode(plan, node),
      evidence: [...found.evidence, `nothing differs in the network settings of ${node}, nor of ${director}`],
    }));
}

/** Whether something differs on a node that can lose or delay what others send it. */
function differsBelow({ states }: Evidence, node: string): boolean {
  const below = ['nic', 'neighbour', 'ip', 'firewall'];
  return states.get(node)?.differences.some((one) => below.includes(layerOf(one))) ?? false;
}

interface LineFault {
  id: string;
  what: string;
  why: string;
  evidence: string[];
}

/** Losses of this share and more are no accident. Single ones happen where the computer is busy. */
const lossShare = 0.08;

/** Every emulated machine takes milliseconds at times, but never for each of a hundred echoes. */
const slowMs = 40;

function faultOf({ node, short, long }: LineSeen, all: readonly LineSeen[]): LineFault[] {
  const count = (echoes: Echoes) => `${echoes.sent - echoes.back.length} of ${echoes.sent}`;
  const lost = short.sent - short.back.length;
  if (short.sent === 0) return [];
  if (lost === short.sent) {
    const what = `nothing gets through the line of ${node}`;
    return [{ id: 'line-cut', what, why: 'packets end on the line', evidence: [`all ${short.sent} echoes were lost`] }];
  }
  if (lost > short.sent * lossShare) {
    const rows = lostRows(short);
    const mean = lost / rows.length;
    const inRows = mean >= 4;
    return [
      {
        id: inRows ? 'line-bursts' : 'line-loss',
        what: `the line of ${node} loses frames${inRows ? ', many in a row' : ''}`,
        why: 'TCP sends again what was lost, later and later',
        evidence: [`${count(short)} echoes were lost${inRows ? `, up to ${Math.max(...rows)} in a row` : ''}`],
      },
    ];
  }
  if (!long.tooLong && long.sent > 0 && long.back.length === 0) {
    return [
      {
        id: 'line-short-frames',
        what: `the line of ${node} loses long frames`,
        why: 'short requests pass, long ones hang: nobody tells their sender',
        evidence: [
          `${short.back.length} of ${short.sent} short echoes came back, and none of ${long.sent} of a full frame`,
        ],
      },
    ];
  }
  const fastest = Math.min(...short.times);
  const usual = Math.min(...all.filter((one) => one.node !== node).flatMap((one) => one.short.times));
  if (fastest > slowMs && (!Number.isFinite(usual) || fastest > 5 * usual)) {
    const than = Number.isFinite(usual) ? `, and of other lines ${usual} ms` : '';
    return [
      {
        id: 'line-delay',
        what: `the line of ${node} delays frames`,
        why: 'everything arrives, late',
        evidence: [`the fastest of ${short.back.length} echoes took ${fastest} ms${than}`],
      },
    ];
  }
  if (short.duplicates > short.sent * lossShare) {
    const evidence = [`${short.duplicates} of ${short.sent} echoes came back more than once`];
    return [
      {
        id: 'line-duplicates',
        what: `the line of ${node} delivers frames twice`,
        why: 'TCP drops what it has already',
        evidence,
      },
    ];
  }
  if (short.overtaken > short.sent * lossShare) {
    const evidence = [`${short.overtaken} of ${short.sent} echoes came back behind a later one`];
    return [
      {
        id: 'line-reorders',
        what: `frames overtake each other on the line of ${node}`,
        why: 'TCP takes some for lost',
        evidence,
      },
    ];
  }
  return [];
}

import type { FailoverSeen, Move } from '../../../scripts/drills/failover/seen.ts';

export const macs = { director: '52:54:00:01:0d:01', backup: '52:54:00:01:0d:02' };

/** A move that takes ten seconds, of a load that is answered every half second. */
export const move = (to: 'director' | 'backup', from: number, answering = 20): Move => {
  const mac = macs[to];
  return { to, moved: true, from, until: from + 10, answering, neighbour: mac, announced: [mac, mac] };
};

export const requests = (from: number, to: number, answered = true) =>
  Array.from({ length: (to - from) * 2 }, (_, at) => {
    return { start: from + at / 2, end: from + at / 2 + 0.1, server: answered ? 'rs1' : undefined };
  });

/** What the drill sees when all is well. */
export const failoverSeen = (): FailoverSeen => ({
  opened: 20,
  known: 20,
  powerCut: [move('backup', 10), move('director', 20)],
  linkDown: [move('backup', 30), move('director', 40)],
  keepalivedStopped: [move('backup', 50), move('director', 60)],
  withoutSync: move('backup', 70, 0),
  withHash: move('director', 80),
  requests: [...requests(0, 11), ...requests(11, 13, false), ...requests(13, 95)],
});

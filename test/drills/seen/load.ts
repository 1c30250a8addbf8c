import type { LoadSeen } from '../../../scripts/drills/load/seen.ts';

/** Ten requests a second, of which `of` in ten meet rs1. */
export const row = (from: number, to: number, of: number) =>
  Array.from({ length: (to - from) * 10 }, (_, at) => {
    return { start: from + at / 10, end: from + at / 10 + 0.05, server: at % 10 < of ? 'rs1' : 'rs2' };
  });
export const weights = (rs1: number, rs2: number) =>
  new Map([
    ['rs1', rs1],
    ['rs2', rs2],
  ]);

/** What the drill sees when all is well. */
export const loadSeen = (): LoadSeen => ({
  server: 'rs1',
  requests: [...row(0, 10, 5), ...row(10, 20, 1)],
  calm: { from: 2, to: 8, weights: [weights(8, 7)] },
  busy: { from: 12, to: 18, weights: [weights(1, 7), weights(1, 7)] },
  bound: 24,
  secondsDown: 1.4,
  secondsBack: 0.8,
  weightBack: 7,
});

import type { HealthSeen } from '../../../scripts/drills/health/seen.ts';

/** Requests every half second, all answered by the same server. */
export const row = (from: number, to: number, server: string | undefined) =>
  Array.from({ length: (to - from) * 2 }, (_, at) => ({ start: from + at / 2, end: from + at / 2 + 0.1, server }));

/** What the drill sees when all is well. */
export const healthSeen = (): HealthSeen => ({
  server: 'rs1',
  visits: [],
  requests: [...row(0, 11, undefined), ...row(11, 30, 'rs2'), ...row(30, 40, 'rs1'), ...row(40, 60, 'sorry')],
  secondsOut: 1.2,
  secondsBack: 0.8,
  stoppedAt: 10,
  outAt: 11,
  startedAt: 20,
  backAt: 21,
  allOut: { from: 41, to: 50 },
});

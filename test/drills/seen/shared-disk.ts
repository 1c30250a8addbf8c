import type { WriterKilledSeen } from '../../../scripts/drills/shared-disk/seen.ts';

/** What the drill sees when all is well. */
export const sharedDiskSeen: WriterKilledSeen = {
  writer: 'rs2',
  survivor: 'rs1',
  seconds: 14.2,
  files: 40,
  broken: 0,
  damage: [],
  read: true,
  secondsBack: 6,
};

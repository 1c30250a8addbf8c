import type { WriterKilledSeen } from '../../../scripts/drills/shared-disk/seen.ts';

/** What the drill sees when all is well. */
export const sharedDiskSeen: WriterKilledSeen = {
  writer: 'rs2',
  survivor: 'rs1',
  seconds: 14.2,
  files: 40,
  unreadable: 0,
  kernelErrors: [],
  readBack: true,
  secondsBack: 6,
};

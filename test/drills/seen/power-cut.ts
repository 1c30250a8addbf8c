import type { PowerCutSeen } from '../../../scripts/drills/power-cut/seen.ts';
import { visit } from './visit.ts';

/** What the drill sees when all is well. */
export const powerCutSeen: PowerCutSeen = { node: 'mysql', seconds: 9, visits: [visit('post-read', 'rs1')] };

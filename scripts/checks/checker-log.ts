import { type Plan, theNode } from '../plan/plan.ts';
import type { HintCommand } from './hint.ts';

export const keepalivedLog = 'journalctl -u keepalived -n 9';

const logs = { ldirectord: 'tail /var/log/ldirectord.log', keepalived: keepalivedLog };

/** The command that shows what the program that watches the real servers has logged; none where nothing watches them. */
export function checkerLogs(plan: Plan): HintCommand[] {
  return plan.health ? [{ on: theNode(plan, 'director').name, run: logs[plan.health.by] }] : [];
}

import { type Plan, theNode } from '../plan/plan.ts';
import type { HintCommand } from './hint.ts';

export const keepalivedLog = 'journalctl -u keepalived -n 9';

const logs = { ldirectord: 'tail /var/log/ldirectord.log', keepalived: keepalivedLog };

/** The command that shows the log of the program that checks the real servers; none in a lab without health checks. */
export function checkerLogs(plan: Plan): HintCommand[] {
  return plan.health ? [{ on: theNode(plan, 'director').name, run: logs[plan.health.by] }] : [];
}

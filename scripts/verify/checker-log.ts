import type { Plan } from '../plan/plan.ts';

/** The command that shows what watches the real servers says of them. */
export function checkerLog({ lab, health }: Plan): string {
  const logs = { ldirectord: 'tail /var/log/ldirectord.log', keepalived: 'journalctl -n 20 -u keepalived' };
  return `lab ssh ${lab} director -- ${health ? logs[health.by] : ''}`;
}

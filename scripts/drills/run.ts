import type { Check } from '../checks/check.ts';
import type { Drill, DrilledLab, SeenBy } from './drill.ts';
import { withPower } from './with-power.ts';

/**
 * Runs the drills that apply to a lab, one after the other or beside each other as they allow.
 * @param before the checks made so far
 * @returns the checks of the drills, in the order of the drills
 */
export async function runDrills(
  drills: readonly Drill[],
  lab: DrilledLab,
  before: readonly Pick<Check, 'id' | 'ok'>[],
): Promise<Check[]> {
  const { plan } = lab;
  const failed = new Set(before.filter(({ ok }) => !ok).map(({ id }) => id));
  const seen = new Map<Drill, unknown>();
  const seenBy: SeenBy = <Seen>(drill: Drill<Seen>) => seen.get(drill as Drill) as Seen | undefined;
  const needsAreMet = ({ needs }: Drill) =>
    needs === 'every check' ? failed.size === 0 : !needs.some((id) => failed.has(id));
  const mayRun = (drill: Drill) => needsAreMet(drill) && drill.applies(plan, seenBy);

  const started = new Map<Drill, Promise<unknown>>();
  const start = (drill: Drill): Promise<unknown> => {
    const startOthers = () => {
      const others = drills.filter(({ beside }) => beside?.drill === drill.name && beside.when(plan));
      for (const other of others) if (mayRun(other)) start(other);
    };
    const performing =
      started.get(drill) ?? withPower(lab.power, (power) => drill.perform({ ...lab, power, seenBy, startOthers }));
    performing.catch(() => {}); // awaited in its turn
    started.set(drill, performing);
    return performing;
  };

  const checks: Check[] = [];
  try {
    for (const drill of drills) {
      if (!started.has(drill) && !mayRun(drill)) continue;
      seen.set(drill, await start(drill));
      checks.push(...drill.judge(plan, seen.get(drill)));
    }
    return checks;
  } finally {
    await Promise.allSettled(started.values()); // lets each undo its changes
  }
}

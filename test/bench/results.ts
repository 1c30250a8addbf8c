import { type Goals, goalText, isMet } from './goals.ts';
import { ratio } from './numbers.ts';
import type { Readings } from './readings.ts';
import type { Row } from './rows.ts';

/** A row, measured. What could not be had is undefined. */
export interface Result {
  name: string;
  label: string;
  unit: Row['unit'];
  ours: Figure;
  theirs: Figure;
  /** Ours divided by theirs. */
  ratio: number | undefined;
  cpuRatio: number | undefined;
  goal?: string;
  met?: boolean;
}

interface Figure {
  value: number | undefined;
  /** Of CPU time: seconds, or for a share their share. */
  cpu: number | undefined;
}

/** @param failed what was brought up and failed on our side: no goal that needs it is met */
export function resultsOf(
  rows: readonly Row[],
  goals: Goals,
  { ours, theirs, failed }: { ours: Readings; theirs: Readings; failed: ReadonlySet<string> },
): Result[] {
  const figureOf = (row: Row, side: Readings): Figure => ({
    value: row.figure((what) => side.value(what)),
    cpu: row.figure((what) => side.cpu(what)),
  });
  return rows.map((row) => {
    const { name, label, unit, visits } = row;
    const [one, other] = [figureOf(row, ours), figureOf(row, theirs)];
    const found = {
      name,
      label,
      unit,
      ours: one,
      theirs: other,
      ratio: ratio(one.value, other.value),
      cpuRatio: ratio(one.cpu, other.cpu),
    };
    const goal = goals[name];
    if (!goal) return found;
    const met = !visits.some((visit) => failed.has(visit)) && isMet(goal, { ours: one.value, ratio: found.ratio });
    return { ...found, goal: goalText(goal), met };
  });
}

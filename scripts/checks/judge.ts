import type { Plan } from '../plan/plan.ts';
import type { Check } from './check.ts';
import { checkKinds } from './index.ts';
import type { Look } from './looks/look.ts';
import type { Observations } from './observations.ts';

/** Judges what was seen. Returns the outcome of every check that this lab has. */
export function judge(plan: Plan, seen: Observations): Check[] {
  return checkKinds.flatMap((kind) => kind.judge(plan, seen).map((outcome) => ({ id: kind.id, ...outcome })));
}

/** The looks that the checks need, each of them once. */
export const looks: readonly Look<unknown>[] = [...new Set(checkKinds.flatMap((kind) => kind.looks))];

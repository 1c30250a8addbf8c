import type { Plan } from '../plan/plan.ts';
import type { Check } from './check.ts';
import { checkKinds } from './index.ts';
import type { Look } from './looks/look.ts';
import type { Observations } from './observations.ts';

/** What was seen → the verdict of every check that this lab has. */
export function judge(plan: Plan, seen: Observations): Check[] {
  return checkKinds.flatMap((kind) => kind.judge(plan, seen).map((outcome) => ({ id: kind.id, ...outcome })));
}

/** What the checks need to see, each look once. */
export const looks: readonly Look<unknown>[] = [...new Set(checkKinds.flatMap((kind) => kind.looks))];

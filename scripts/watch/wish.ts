import { z } from 'zod';
import { type Choice, choose } from '../faults/choose.ts';
import { faults } from '../faults/index.ts';
import { serviceName } from '../ipvs/rules.ts';
import type { Plan } from '../plan/plan.ts';

/** The most requests that one press of the button sends. */
export const mostRequests = 1000;

const wish = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('requests'), service: z.string(), count: z.int().min(1).max(mostRequests) }),
  z.strictObject({ do: z.literal('verify') }),
  z.strictObject({ do: z.literal('path'), service: z.string() }),
  z.strictObject({ do: z.literal('break'), fault: z.string(), place: z.string() }),
  z.strictObject({ do: z.literal('mend') }),
]);

/** What a button of the page asks for. */
export type Wish = z.infer<typeof wish>;

/** Reads the body of a request. @returns undefined for what is no wish, or one that this lab cannot have */
export function readWish(plan: Plan, body: string): Wish | undefined {
  try {
    const found = wish.parse(JSON.parse(body));
    return isPossible(plan, found) ? found : undefined;
  } catch {
    return undefined;
  }
}

function isPossible(plan: Plan, found: Wish): boolean {
  if ('service' in found) return plan.services.some((one) => serviceName(one) === found.service);
  return found.do !== 'break' || choiceOf(plan, found) !== undefined;
}

/** The fault that a page asks for. @throws UsageError when the lab cannot have it there */
export function choiceOf(plan: Plan, { fault, place }: Extract<Wish, { do: 'break' }>): Choice {
  return choose(faults, plan, fault, place);
}

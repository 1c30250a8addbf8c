import type { Plan } from '../plan/plan.ts';
import type { Check, Judge } from './check.ts';
import { answersFollowScheduler, everyRequestAnswered } from './checks/answers.ts';
import {
  directorForwards,
  directorHoldsVip,
  everyConnectionCounted,
  modeFingerprint,
  realServersReachable,
  settingsAreAsPlanned,
  tableIsAsPlanned,
} from './checks/director.ts';
import {
  realServersHoldVip,
  realServersKeepQuiet,
  realServersUseDirector,
  requestsComeThroughTunnel,
  reversePathFilterIsLoose,
} from './checks/real-servers.ts';
import { neighbourIsDirector, onlyDirectorAnswersArp, repliesComeFromVip } from './checks/vip-on-the-wire.ts';
import type { Observations } from './observations.ts';

/** From what a person sees first to what lies behind it. */
const judges: Judge[] = [
  everyRequestAnswered,
  answersFollowScheduler,
  everyConnectionCounted,
  modeFingerprint,
  requestsComeThroughTunnel,
  repliesComeFromVip,
  neighbourIsDirector,
  onlyDirectorAnswersArp,
  tableIsAsPlanned,
  settingsAreAsPlanned,
  directorHoldsVip,
  directorForwards,
  realServersReachable,
  realServersHoldVip,
  realServersKeepQuiet,
  reversePathFilterIsLoose,
  realServersUseDirector,
];

/** What was seen → the verdict of every check that this lab has. */
export function judge(plan: Plan, seen: Observations): Check[] {
  return judges.flatMap((one) => one(plan, seen) ?? []);
}

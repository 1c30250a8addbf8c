import { serviceName } from '../ipvs/rules.ts';
import type { Plan } from '../plan/plan.ts';
import type { Check, Judge, ServiceJudge } from './check.ts';
import { answersFollowScheduler, everyRequestAnswered } from './checks/answers.ts';
import { clocksAreRight } from './checks/clock.ts';
import {
  directorForwards,
  directorHoldsVip,
  everyConnectionCounted,
  helperReads,
  marksAreSet,
  modeFingerprint,
  realServersReachable,
  settingsAreAsPlanned,
  tableIsAsPlanned,
} from './checks/director.ts';
import { nothingFilters } from './checks/firewall.ts';
import {
  guePortIsOpen,
  realServersHoldVip,
  realServersKeepQuiet,
  realServersUseGateway,
  requestsComeThroughTunnel,
  reversePathFilterIsLoose,
} from './checks/real-servers.ts';
import { routerLetsThrough } from './checks/router.ts';
import { backupHasTheTable, oneDirectorHasVip, syncDaemonsRun } from './checks/two-directors.ts';
import { neighbourIsDirector, onlyDirectorAnswersArp, repliesComeFromVip } from './checks/vip-on-the-wire.ts';
import type { Observations } from './observations.ts';

/** From what a person sees first to what lies behind it. */
const judges: Judge[] = [
  ofEachService(everyRequestAnswered),
  ofEachService(answersFollowScheduler),
  everyConnectionCounted,
  modeFingerprint,
  requestsComeThroughTunnel,
  ofEachService(repliesComeFromVip),
  neighbourIsDirector,
  onlyDirectorAnswersArp,
  ofEachService(marksAreSet),
  ofEachService(helperReads),
  ofEachService(tableIsAsPlanned),
  settingsAreAsPlanned,
  directorHoldsVip,
  directorForwards,
  oneDirectorHasVip,
  syncDaemonsRun,
  backupHasTheTable,
  routerLetsThrough,
  ofEachService(realServersReachable),
  realServersHoldVip,
  realServersKeepQuiet,
  reversePathFilterIsLoose,
  guePortIsOpen,
  realServersUseGateway,
  clocksAreRight,
  nothingFilters,
];

/** What was seen → the verdict of every check that this lab has. */
export function judge(plan: Plan, seen: Observations): Check[] {
  return judges.flatMap((one) => one(plan, seen));
}

/** In a lab of several services each check says which one it is about. */
function ofEachService(check: ServiceJudge): Judge {
  return (plan, seen) =>
    plan.services.flatMap((service, index) => {
      const asked = seen.client.services[index] ?? { answers: [], replies: [] };
      const found = check(plan, service, asked, seen);
      if (!found || plan.services.length === 1) return found ?? [];
      const name = serviceName(service);
      return { ...found, service: name, title: `${found.title} (${name})` };
    });
}

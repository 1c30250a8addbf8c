import type { Symptom } from '../../scripts/faults/symptom.ts';
import { serviceName } from '../../scripts/ipvs/rules.ts';
import { inUse, type Plan, type PlannedService } from '../../scripts/plan/plan.ts';

/** A request of `lab verify --json`, and who answered it. */
export interface SeenAnswer {
  /** As ipvsadm heads it: `TCP 192.168.1.3:80`. */
  service: string;
  server: string | null;
}

/** Whether requests went as a symptom says. */
export function symptomFits(plan: Plan, symptom: Symptom, answers: readonly SeenAnswer[]): boolean {
  return plan.services.every((service) => {
    const name = serviceName(service);
    const servers = answers.filter((answer) => answer.service === name).map(({ server }) => server);
    const concerned = 'of' in symptom ? (symptom.of.find((share) => share.service === name)?.servers ?? []) : [];
    return servers.length > 0 && fits(symptom.kind, service, concerned, servers);
  });
}

function fits(
  kind: Symptom['kind'],
  service: PlannedService,
  concerned: readonly string[],
  servers: readonly (string | null)[],
): boolean {
  const answered = servers.every((server) => server !== null);
  const spared = servers.every((server) => server === null || !concerned.includes(server));
  switch (kind) {
    case 'none':
    case 'site fails':
    case 'slow':
    case 'long fails':
    case 'without IPVS':
      return answered;
    case 'unused':
      return answered && spared;
    case 'one server':
      return answered && (concerned.length === 0 || new Set(servers).size === 1);
    case 'fails':
      return spared && rightShareFails(service, concerned, servers);
    case 'fails at first':
      return spared;
    case 'lossy':
    case 'varies':
      return true;
  }
}

/** Under rr every round of requests meets each real server once. Elsewhere nobody can say how many fail. */
function rightShareFails(
  service: PlannedService,
  concerned: readonly string[],
  servers: readonly (string | null)[],
): boolean {
  const round = inUse(service).length;
  const failed = servers.map((server) => server === null);
  if (concerned.length === 0) return !failed.includes(true);
  if (concerned.length === round) return !failed.includes(false);
  if (service.scheduler !== 'rr' || service.persistence > 0) return true;
  const rounds = failed.slice(0, 1 - round).map((_, at) => failed.slice(at, at + round));
  return rounds.length > 0 && rounds.every((all) => all.filter(Boolean).length === concerned.length);
}

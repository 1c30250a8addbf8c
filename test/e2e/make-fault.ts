import type { ExecutionContext } from 'ava';
import { type Act, commandsOf, type Place } from '../../scripts/faults/fault.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import type { ChosenFault } from './chosen-faults.ts';
import { failedChecks, fewRequests, hintOf, type LabCommand, type RunDocument } from './lab.ts';
import { symptomFits } from './symptom-seen.ts';

export interface Verified {
  code: number;
  document: RunDocument;
}

/** One after the other, on the nodes of a lab on QEMU. */
export async function run(lab: LabCommand, plan: Plan, acts: readonly Act[]): Promise<void> {
  for (const { on, run } of commandsOf(acts)) await lab.on(plan.lab, on, run);
}

/** A diagnosis takes longer than a verify, so the core has only some of them. */
function isDiagnosed(lab: string): boolean {
  return process.env.LAB_TEST_SET === 'all' || ['tun', 'nat'].includes(lab);
}

/**
 * Makes a fault and verifies the lab: until the checks have failed that need a certain winner of a race.
 * @throws Error when they have not in ten verifies
 */
export async function makeAndVerify(lab: LabCommand, plan: Plan, place: Place): Promise<Verified> {
  await run(lab, plan, place.make);
  const { race = [] } = place;
  const diagnosed = race.length === 0 && isDiagnosed(plan.lab);
  for (let tries = 0; tries < 10; tries++) {
    const seen = await lab.json('verify', plan.lab, '--requests', fewRequests, ...(diagnosed ? [] : ['--no-diagnose']));
    const failed = failedChecks(seen.document);
    if (race.every((id) => failed.includes(id))) return seen;
  }
  throw new Error(`${plan.lab}, ${place.name}: in ten verifies never failed: ${race.join(' and ')}`);
}

/**
 * Requests go as the fault says; the check that must name it fails, or warns where nothing fails, with its words; and so do those
 * beside it. Where a check failed, the diagnosis names the fault first.
 */
export function assertSeen(t: ExecutionContext, { id, plan, place }: ChosenFault, { code, document }: Verified): void {
  t.true(symptomFits(plan, place.symptom, document.answers), JSON.stringify([place.symptom, document.answers]));
  const failed = failedChecks(document);
  t.is(code, failed.length > 0 ? 1 : 0);
  if (document.diagnosis) {
    const [first] = document.diagnosis.causes;
    t.is(first?.id, id, JSON.stringify(document.diagnosis));
    t.true(place.nodes.includes(first?.node ?? ''), JSON.stringify(document.diagnosis));
  }
  if (!place.check) {
    t.deepEqual(failed, []);
    return;
  }
  const seen = document.checks.filter(({ ok, warning }) => !ok || Boolean(warning));
  const ids = seen.map(({ id }) => id);
  for (const id of [place.check.id, ...(place.also ?? [])]) t.true(ids.includes(id), `${id}; seen: ${ids}`);
  const hints = seen.filter(({ id }) => id === place.check?.id).map(hintOf);
  for (const text of place.check.hint) {
    t.true(
      hints.some((hint) => hint.includes(text)),
      `${text}, in ${JSON.stringify(hints)}`,
    );
  }
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verdictDocument } from '../../scripts/actions/report-verdict.ts';
import type { Check } from '../../scripts/checks/check.ts';
import { judge } from '../../scripts/checks/judge.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import type { LabReport } from '../../scripts/page/lab-report.ts';
import { readRunDocument } from '../../scripts/page/run-document.ts';
import { drawingOf } from '../../scripts/path/drawing.ts';
import { makePlan } from '../../scripts/plan/make-plan.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import { serviceVerdicts } from '../../scripts/verify/service-verdicts.ts';
import { healthy, type Seen } from '../checks/healthy.ts';
import { caseOf } from '../path/cases.ts';
import { tracked } from '../path/drawn.ts';
import { conversation } from '../path/made.ts';

/**
 * The report of a lab that works, as the tests see it.
 * @param spoil makes something else of what was seen
 * @param change makes something else of a check
 */
export function reportOf(
  plan: Plan,
  { spoil, change = (check) => check }: { spoil?: (seen: Seen) => void; change?: (check: Check) => Check } = {},
): LabReport {
  const seen = healthy(plan);
  spoil?.(seen);
  const checks = judge(plan, seen).map(change);
  const verdict = {
    ok: checks.every(({ ok }) => ok),
    services: serviceVerdicts(plan, seen),
    checks,
    kernel: '6.12.94',
  };
  const document = {
    lab: plan.lab,
    provider: plan.provider,
    ok: verdict.ok,
    time: '2026-11-30T08:15:12.345Z',
    kernel: verdict.kernel,
    seconds: { total: 5.8, up: 0.9, provision: 2.9, verify: 1.3 },
    ...verdictDocument(plan, verdict),
    diagnosis: null,
  };
  const run = readRunDocument(JSON.stringify(document));
  if (!run) throw new Error('no document lvs-lab/run/2');
  return { plan, run, stages: [{ text: '4 machines up', seconds: 0.9 }], path: undefined };
}

/** A shipped lab with another number of real servers. */
export async function sizedPlan(lab: string, realServers: number): Promise<Plan> {
  const text = await readFile(join(projectRoot, `labs/${lab}.yaml`), 'utf8');
  return makePlan(parseLab(text, { name: lab, file: lab, realServers }).lab);
}

/** A path as `lab path` keeps it. */
export async function keptPath(lab: string): Promise<NonNullable<LabReport['path']>> {
  const { plan, service, server, there, back } = await caseOf(lab);
  const found = tracked(plan, service, conversation(plan, { there, back }), { server });
  const drawing = drawingOf(plan, found.followed, { ...found, all: false });
  return { title: `Lab ${lab}: a request`, result: 'path      as planned', drawing };
}

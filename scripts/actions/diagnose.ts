import { ExitCode } from '../errors.ts';
import { disconnect, type ProvisionedLab } from '../provision/lab-states.ts';
import { connectAll } from '../provision/provision.ts';
import { labArgument } from '../render/lab-argument.ts';
import { diagnosisDocument, diagnosisText } from '../report/diagnosis.ts';
import { secondsSince, stage } from '../report/events.ts';
import { painter, print, printJson, screenWidth } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import { diagnosisOf } from './diagnosis.ts';
import type { Globals } from './globals.ts';
import { findRunningLab, machinesOf, withScripts } from './opened-lab.ts';
import { verdictDocument } from './report-verdict.ts';
import { verification } from './verification.ts';

/** lab diagnose NAME: verifies a running lab, looks for what has changed since `lab up`, and says what is wrong. */
export async function diagnoseLab(
  name: string,
  { requests }: { requests?: number | undefined },
  globals: Globals,
): Promise<number> {
  const start = performance.now();
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const opened = await withScripts((await findRunningLab(name)).plan);
  const { place } = opened;
  const services = opened.plan.services.map((one) => (requests ? { ...one, requests } : one));
  const plan = { ...opened.plan, services };
  const machines = await machinesOf(opened, undefined, screen.emit);
  const lab: ProvisionedLab = { plan, place, machines, remotes: await connectAll(machines) };
  try {
    const { result: verdict, seconds: verify } = await stage(
      screen.emit,
      'verify',
      'sending requests and looking at every node',
      () => verification(opened, lab, screen.emit),
      () => 'requests sent, every node looked at',
    );
    const diagnosis = await diagnosisOf(lab, opened.templates, verdict, screen.emit);
    screen.clear();
    if (globals.json) {
      const document = { ...diagnosisDocument(diagnosis, labArgument(plan)), ...verdictDocument(plan, verdict) };
      printJson({
        schema: 'lvs-lab/diagnosis/1',
        lab: plan.lab,
        ok: verdict.ok,
        ...document,
        seconds: { total: secondsSince(start), verify },
      });
    } else {
      const look = { paint: painter(process.stdout), width: screenWidth(process.stdout) };
      print(diagnosisText(plan, diagnosis, look));
    }
    return verdict.ok ? ExitCode.ok : ExitCode.checkFailed;
  } finally {
    screen.clear();
    disconnect(lab);
  }
}

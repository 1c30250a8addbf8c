import { ExitCode } from '../errors.ts';
import { labArgument } from '../render/lab-argument.ts';
import { diagnosisDocument, diagnosisText } from '../report/diagnosis.ts';
import { secondsSince } from '../report/events.ts';
import { print, printJson, screenLook } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import { diagnosisOf } from './diagnosis.ts';
import type { Globals } from './globals.ts';
import { verdictDocument } from './report-verdict.ts';
import { withVerifiedLab } from './verified-lab.ts';

/** lab diagnose NAME: verifies a running lab, looks for what has changed since `lab up`, and says what is wrong. */
export async function diagnoseLab(
  name: string,
  { requests }: { requests?: number | undefined },
  globals: Globals,
): Promise<number> {
  const start = performance.now();
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  try {
    return await withVerifiedLab(name, requests, screen.emit, async ({ opened, lab, verdict, seconds: verify }) => {
      const { plan, templates } = opened;
      const diagnosis = await diagnosisOf(lab, templates, verdict, screen.emit);
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
        const look = screenLook();
        print(diagnosisText(plan, diagnosis, look));
      }
      return verdict.ok ? ExitCode.ok : ExitCode.checkFailed;
    });
  } finally {
    screen.clear();
  }
}

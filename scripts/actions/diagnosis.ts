import type { Diagnosis } from '../diagnosis/cause.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { InterruptedError, LabError } from '../errors.ts';
import { gather } from '../evidence/gather.ts';
import type { ProvisionedLab } from '../provision/lab-states.ts';
import type { Templates } from '../render/render.ts';
import { errorText } from '../report/error-text.ts';
import { type Emit, stage } from '../report/events.ts';
import type { Verdict } from '../verify/verify.ts';

/** Finds out why a lab failed its checks. */
export async function diagnosisOf(
  lab: ProvisionedLab,
  templates: Templates,
  verdict: Verdict,
  emit: Emit,
): Promise<Diagnosis> {
  const { result } = await stage(
    emit,
    'diagnose',
    'looking for the cause on every node and line',
    () => gather(lab, templates, verdict),
    () => 'every node and line looked at',
  );
  for (const text of [...result.states.values()].flatMap(({ unread }) => unread)) emit({ type: 'warning', text });
  return diagnose(result);
}

/** The same for `lab run` and `lab verify`. If no diagnosis is possible, that is a warning: the verdict stands without it. */
export async function diagnosisOfFailure(...all: Parameters<typeof diagnosisOf>): Promise<Diagnosis | undefined> {
  const [, , , emit] = all;
  try {
    return await diagnosisOf(...all);
  } catch (error) {
    if (!(error instanceof LabError) || error instanceof InterruptedError) throw error;
    emit({ type: 'warning', text: `no diagnosis: ${errorText(error)}` });
    return undefined;
  }
}

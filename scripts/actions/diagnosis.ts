import type { Diagnosis } from '../diagnosis/cause.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { InterruptedError, LabError } from '../errors.ts';
import { gather } from '../evidence/gather.ts';
import type { ProvisionedLab } from '../provision/lab-states.ts';
import type { Templates } from '../render/render.ts';
import { errorText } from '../report/error-text.ts';
import { type Emit, stage } from '../report/events.ts';
import type { Verdict } from '../verify/verify.ts';

/** Finds out why a lab failed its checks. The caller holds the lab's lock. */
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
    () => gather(lab, templates, verdict, emit),
    () => 'every node and line looked at',
  );
  for (const text of [...result.states.values()].flatMap(({ unread }) => unread)) emit({ type: 'warning', text });
  return diagnose(result);
}

/** The same for `lab run` and `lab verify`: whatever goes wrong is a warning, because the verdict stands without a diagnosis. */
export async function diagnosisOfFailure(...all: Parameters<typeof diagnosisOf>): Promise<Diagnosis | undefined> {
  const [, , , emit] = all;
  try {
    return await diagnosisOf(...all);
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    const text =
      error instanceof LabError ? errorText(error) : `a mistake of this program: ${(error as Error).message}`;
    emit({ type: 'warning', text: `no diagnosis: ${text}` });
    return undefined;
  }
}

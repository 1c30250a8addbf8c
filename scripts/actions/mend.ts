import { countOf } from '../count-of.ts';
import { ExitCode } from '../errors.ts';
import { type Choice, chosenBefore } from '../faults/choose.ts';
import { faults } from '../faults/index.ts';
import { type Broken, readBroken, removeBroken } from '../host/broken.ts';
import type { Place } from '../host/paths.ts';
import { lockLab } from '../host/run-state.ts';
import type { Plan } from '../plan/plan.ts';
import { disconnect } from '../provision/lab-states.ts';
import { labArgument } from '../render/lab-argument.ts';
import { asTyped } from '../report/as-typed.ts';
import { type Emit, secondsSince } from '../report/events.ts';
import { printJson, printText } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import { bringUp } from './bring-up.ts';
import { withFaultyNodes } from './faulty-nodes.ts';
import type { Globals } from './globals.ts';
import { findRunningLab, withScripts } from './opened-lab.ts';

export interface MendOptions {
  /** Tell which faults they were. */
  reveal: boolean;
}

/** lab mend NAME: undoes the faults that `lab break` made or began to make. */
export async function mend(name: string, { reveal }: MendOptions, globals: Globals): Promise<number> {
  const start = performance.now();
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const { place, plan } = await findRunningLab(name);
  try {
    const broken = await undo(name, place, screen.emit);
    const left = broken ? await repair(plan, place, broken, screen.emit) : [];
    screen.clear();
    const { known: told, unknown } = choicesOf(plan, broken);
    if (globals.json) {
      const list = (all: readonly Choice[]) =>
        all.map(({ fault, place: { name, nodes } }) => {
          return { id: fault.id, place: name, nodes, family: fault.family, title: fault.title };
        });
      printJson({
        schema: 'lvs-lab/mend/1',
        lab: plan.lab,
        mended: told.length - left.length,
        faults: reveal ? list(told) : null,
        left: left.length,
        unknown,
        seconds: secondsSince(start),
      });
    } else printText(asTyped(textOf(plan, { told, left, unknown }, reveal)));
    return left.length + unknown.length > 0 ? ExitCode.checkFailed : ExitCode.ok;
  } finally {
    screen.clear();
  }
}

/** Undoes what the lab's scripts would not undo. @returns undefined when nothing is broken */
async function undo(name: string, place: Place, emit: Emit): Promise<Broken | undefined> {
  const lock = await lockLab(place, `lab mend ${place.lab}`, emit);
  try {
    const { plan } = await findRunningLab(name);
    const broken = await readBroken(place);
    if (!broken) return undefined;
    const acts = choicesOf(plan, broken)
      .known.reverse()
      .flatMap((one) => one.place.mend ?? []);
    await withFaultyNodes({ plan, place }, { acts, witnesses: [] }, emit, (nodes) => nodes.perform(acts));
    return broken;
  } finally {
    lock.release();
  }
}

/** Lets the lab's scripts set the rest up again. @returns faults that a witness still sees after that */
async function repair(plan: Plan, place: Place, broken: Broken, emit: Emit): Promise<Choice[]> {
  const opened = await withScripts(plan);
  const { lab } = await bringUp(opened, { setup: true, what: `lab mend ${labArgument(plan)}` }, emit);
  disconnect(lab);
  const lock = await lockLab(place, `lab mend ${place.lab}`, emit);
  try {
    const chosen = choicesOf(plan, broken).known;
    const witnesses = chosen.map((one) => one.place.witness);
    const left: Choice[] = [];
    await withFaultyNodes({ plan, place }, { acts: [], witnesses }, emit, async (nodes) => {
      for (const one of chosen) if (await nodes.sees(one.place.witness, false)) left.push(one);
    });
    if (left.length === 0) await removeBroken(place);
    return left;
  } finally {
    lock.release();
  }
}

function choicesOf(plan: Plan, broken: Broken | undefined) {
  return chosenBefore(faults, plan, broken?.faults ?? []);
}

/** What `lab mend` says. */
export function textOf(
  plan: Plan,
  { told, left, unknown }: { told: readonly Choice[]; left: readonly Choice[]; unknown: readonly string[] },
  reveal: boolean,
): string {
  const lab = labArgument(plan);
  if (told.length + unknown.length === 0) return `lab ${plan.lab}: lab break has made nothing that is to be undone`;
  const reset = `lab reset ${lab} makes all machines new`;
  return [
    ...(left.length > 0 ? [`lab ${plan.lab}: ${countOf(left.length, 'fault')} still to be seen; ${reset}`] : []),
    ...(left.length === 0 && told.length > 0 ? [`lab ${plan.lab}: ${countOf(told.length, 'fault')} undone`] : []),
    ...unknown.map((one) => `this version of lab does not know ${one}, and has not undone it; ${reset}`),
    ...(reveal ? told.map(({ fault: { id, title }, place }) => `it was ${id} at ${place.name}: ${title}`) : []),
  ].join('\n');
}

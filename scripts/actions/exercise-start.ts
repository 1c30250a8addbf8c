import { join } from 'node:path';
import { ExitCode } from '../errors.ts';
import { readReady, writeReady } from '../host/exercise-state.ts';
import { hasPlan } from '../host/run-state.ts';
import type { ProviderName } from '../providers/index.ts';
import type { Emit } from '../report/events.ts';
import { print, printJson, screenLook } from '../report/output.ts';
import { display, jsonLines, toAll } from '../report/sinks.ts';
import { endLab } from './down.ts';
import { taskText, textFor } from './exercise-show.ts';
import type { Globals } from './globals.ts';
import { type LanguageOptions, languageBy } from './language.ts';
import { type OpenedExercise, openExercise, type StudentOptions, whoBy } from './open-exercise.ts';
import { openVariant } from './open-variant.ts';
import type { OpenedLab } from './opened-lab.ts';
import { withPrepared } from './prepared-exercise.ts';
import { requireOwn } from './started-exercise.ts';

export interface StartOptions extends StudentOptions, LanguageOptions {
  provider?: ProviderName | undefined;
  setup: boolean;
}

/** lab exercise start ID: brings the lab of a student's variant to where a learner begins, and prints the text. */
export function startExercise(id: string, options: StartOptions, globals: Globals): Promise<number> {
  return begin(id, { ...options, fresh: false }, globals);
}

/** lab exercise reset ID: the same with new machines. */
export function resetExercise(id: string, options: StartOptions, globals: Globals): Promise<number> {
  return begin(id, { ...options, fresh: true }, globals);
}

async function begin(id: string, options: StartOptions & { fresh: boolean }, globals: Globals): Promise<number> {
  const language = languageBy(options);
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const opened = await openExercise(id, whoBy(options));
  const { exercise, source, file } = opened;
  const lab = await openVariant({ name: id, lab: exercise.lab, source, file }, exercise.variant, options, screen.emit);
  const emit = toAll(screen.emit, jsonLines(join(lab.place.folder, 'events.jsonl')));
  try {
    const text = await textFor(opened, language);
    const goesOn = !options.fresh && (await runsFor(opened, lab));
    if (!goesOn) await prepare(opened, lab, options, emit);
    screen.clear();
    if (globals.json) {
      const { course, student } = exercise.who;
      printJson({
        schema: 'lvs-lab/exercise-start/1',
        exercise: id,
        course,
        student,
        lab: lab.plan.lab,
        fresh: !goesOn,
      });
    } else {
      const look = screenLook();
      print(`${text}\n\n${taskText(opened, language, look)}`);
    }
    return ExitCode.ok;
  } finally {
    screen.clear();
  }
}

/**
 * Whether the student's lab is there, prepared: what was done in it stays.
 * @throws UsageError when it is another student's
 */
async function runsFor({ exercise }: OpenedExercise, { place }: OpenedLab): Promise<boolean> {
  if (!(await hasPlan(place))) return false;
  const ready = await readReady(place);
  if (!ready) return false;
  requireOwn(exercise, ready);
  return true;
}

/** Makes new machines and does what a learner does not see. If that fails, the lab is ended: half an exercise is none. */
async function prepare(
  { exercise }: OpenedExercise,
  opened: OpenedLab,
  { setup }: StartOptions,
  emit: Emit,
): Promise<void> {
  const { place } = opened;
  const what = `lab exercise start ${exercise.id}`;
  let isReady = false;
  try {
    await withPrepared(exercise, opened, { setup, what }, emit, async () => {
      await writeReady(place, { exercise: exercise.id, ...exercise.who });
      isReady = true;
    });
  } finally {
    if (!isReady) await endLab(place, emit);
  }
}

import { resolve } from 'node:path';
import { findCheckpoint } from '../checkpoints/find.ts';
import { requireLabel } from '../checkpoints/label.ts';
import { forgetCheckpoint } from '../checkpoints/store.ts';
import { ExitCode } from '../errors.ts';
import { labName } from '../host/lab-files.ts';
import { placeOf } from '../host/paths.ts';
import { lockLab } from '../host/run-state.ts';
import { printJson, printText } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import type { Globals } from './globals.ts';
import { mib } from './mib.ts';

export interface ForgetOptions {
  /** The folder that the checkpoint belongs to, if it is not the current one. It may be gone. */
  in?: string | undefined;
}

/** lab forget NAME LABEL: removes a checkpoint. The lab runs on, also when it was loaded from it. */
export async function forget(name: string, label: string, options: ForgetOptions, globals: Globals): Promise<number> {
  const { emit } = display(globals.json ? 'quiet' : globals.loudness);
  const place = placeOf(labName(name), options.in && resolve(options.in));
  const lock = await lockLab(place, `lab forget ${place.lab}`, emit);
  try {
    const kept = await findCheckpoint(place, requireLabel(label));
    await forgetCheckpoint(place, kept);
    if (globals.json) printJson({ schema: 'lvs-lab/forget/1', lab: place.lab, label, freed: kept.size });
    else printText(`checkpoint ${label} of lab ${place.lab} is removed: ${mib(kept.size)}`);
    return ExitCode.ok;
  } finally {
    lock.release();
  }
}

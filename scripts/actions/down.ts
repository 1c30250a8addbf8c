import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { countOf } from '../count-of.ts';
import { ExitCode, LabError, UsageError } from '../errors.ts';
import { exists } from '../host/files.ts';
import { labName, requireLabName } from '../host/lab-files.ts';
import { type Place, placeOf, runtimeFolder } from '../host/paths.ts';
import { findProcesses } from '../host/processes.ts';
import { type Registered, registeredLabs } from '../host/registered-labs.ts';
import { lockLab, removeRunState } from '../host/run-state.ts';
import { readState } from '../host/state-file.ts';
import { errorText } from '../report/error-text.ts';
import { print, printJson } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import type { Globals } from './globals.ts';
import { endMachines, statusOfMachines } from './opened-lab.ts';

export interface DownOptions {
  all: boolean;
  dryRun: boolean;
}

/** lab down NAME, or --all: stops machines and switches and removes the run state; logs stay in the cache. */
export async function down(name: string | undefined, options: DownOptions, globals: Globals): Promise<number> {
  if ((name === undefined) === !options.all)
    throw new UsageError('name one lab, or give --all', { tryThis: 'lab status' });
  const { emit } = display(globals.json ? 'quiet' : globals.loudness);
  const places = name === undefined ? await runningPlaces() : [placeOf(labName(name))];
  let code: number = ExitCode.ok;
  const ended: { lab: string; machines: number }[] = [];
  for (const place of places) {
    const before = await statusOfMachines(place, emit);
    if (name !== undefined && before.length === 0 && !(await exists(place.folder))) await requireLabName(name);
    if (!options.dryRun) {
      try {
        await endLab(place, emit);
      } catch (error) {
        // If one lab cannot be stopped, the others are stopped all the same.
        if (name !== undefined || !(error instanceof LabError)) throw error;
        emit({ type: 'warning', text: `lab ${place.lab}: ${errorText(error)}` });
        code = error.exitCode;
        continue;
      }
    }
    ended.push({ lab: place.lab, machines: before.length });
    const what = options.dryRun ? 'would be stopped' : 'stopped';
    if (!globals.json)
      print(
        `lab ${place.lab}: ${before.length === 0 ? 'no machine ran' : `${countOf(before.length, 'machine')} ${what}`}`,
      );
  }
  if (places.length === 0 && !globals.json) print('no lab runs');
  if (globals.json) printJson({ schema: 'lvs-lab/down/1', dryRun: options.dryRun, ended });
  return code;
}

/** Stops machines and switches of a lab and removes its run state. */
export async function endLab(place: Place, emit: Parameters<typeof lockLab>[2]): Promise<void> {
  const lock = await lockLab(place, `lab down ${place.lab}`, emit);
  try {
    await endMachines(place);
    await removeRunState(place);
  } finally {
    lock.release();
  }
}

/** Every lab of this user, whatever folder it was started from. It is found by its sockets, or by its processes if those are lost. */
export async function runningPlaces(): Promise<Place[]> {
  const runtime = runtimeFolder();
  const arguments_ = (await findProcesses(`${runtime}/`)).flatMap(({ argv }) => argv).join('\n');
  const running = [...arguments_.matchAll(/\/([0-9a-f]{10})\//g)].map(([, id = '']) => id);
  const registered = await registeredLabs();
  const ids = [...new Set([...(await readdir(runtime)), ...running, ...registered.keys()])].filter((name) =>
    /^[0-9a-f]{10}$/.test(name),
  );
  return Promise.all(
    ids.map(async (id) => {
      const known = (await readState<Registered>(join(runtime, id, 'lab.json'))) ?? registered.get(id);
      // If the record of a lab is lost, its id is enough to find its processes.
      return {
        id,
        runtime: join(runtime, id),
        lab: known?.lab ?? id,
        folder: known?.folder ?? join(runtime, id, 'lost'),
      };
    }),
  );
}

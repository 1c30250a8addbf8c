import { join } from 'node:path';
import { disconnect } from '../provision/lab-states.ts';
import { labArgument } from '../render/lab-argument.ts';
import { secondsSince } from '../report/events.ts';
import { say } from '../report/output.ts';
import { display, jsonLines, toAll } from '../report/sinks.ts';
import { bringUp } from './bring-up.ts';
import type { Globals } from './globals.ts';
import { nextSteps } from './next-steps.ts';
import { type MachineOptions, openLab } from './open-lab.ts';
import { reportVerdict } from './report-verdict.ts';

export interface RunOptions extends MachineOptions {
  /** Whether a lab that fails its checks is diagnosed. */
  diagnose: boolean;
}

/** lab run NAME: lab up and lab verify in one. */
export async function run(name: string, options: RunOptions, globals: Globals): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const opened = await openLab(name, options, screen.emit);
  const { plan, place } = opened;
  const emit = toAll(screen.emit, jsonLines(join(place.folder, 'events.jsonl')));
  const verifying = import('./verification.ts'); // loads while the machines start
  try {
    const { lab, seconds } = await bringUp(
      opened,
      { setup: options.setup, what: `lab run ${labArgument(plan)}` },
      emit,
    );
    try {
      const { lockToVerify, verification } = await verifying;
      const lock = await lockToVerify(place, emit);
      try {
        const { verdict, seconds: checking } = await verification(opened, lab, emit);
        screen.clear();
        const times = { total: secondsSince(0), ...seconds, verify: checking };
        const diagnosing = options.diagnose ? { ...screen, emit } : undefined;
        const code = await reportVerdict({ opened, lab, verdict }, times, globals, diagnosing);
        if (!globals.json && globals.loudness !== 'quiet') say(nextSteps(plan));
        return code;
      } finally {
        lock.release();
      }
    } finally {
      disconnect(lab);
    }
  } finally {
    screen.clear();
  }
}

import { join } from 'node:path';
import { countOf } from '../count-of.ts';
import { allRequests } from '../plan/plan.ts';
import { disconnect } from '../provision/lab-states.ts';
import { labArgument } from '../render/lab-argument.ts';
import { stage } from '../report/events.ts';
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
  const requests = allRequests(plan);
  const emit = toAll(screen.emit, jsonLines(join(place.folder, 'events.jsonl')));
  const verifying = import('./verification.ts'); // loads while the machines start
  try {
    const { lab, seconds } = await bringUp(
      opened,
      { setup: options.setup, what: `lab run ${labArgument(plan)}` },
      emit,
    );
    try {
      const { result: verdict, seconds: checking } = await stage(
        emit,
        'verify',
        `sending ${countOf(requests, 'request')} and looking at every node`,
        async () => (await verifying).verification(opened, lab, emit),
        () => `${countOf(requests, 'request')} sent, every node looked at`,
      );
      const total = Math.round(performance.now()) / 1000;
      const diagnosis =
        verdict.ok || !options.diagnose
          ? undefined
          : await (await import('./diagnosis.ts')).diagnosisOfFailure(lab, opened.templates, verdict, emit);
      screen.clear();
      const times = { total, ...seconds, verify: checking };
      const code = await reportVerdict(opened, verdict, times, globals, diagnosis);
      if (!globals.json && globals.loudness !== 'quiet') say(nextSteps(plan));
      return code;
    } finally {
      disconnect(lab);
    }
  } finally {
    screen.clear();
  }
}

import { join } from 'node:path';
import { ExitCode } from '../errors.ts';
import { lockLab, writePlan, writeSshConfig } from '../host/run-state.ts';
import { disconnect } from '../provision/lab-states.ts';
import { provision } from '../provision/provision.ts';
import { qemuProvider } from '../providers/qemu/qemu.ts';
import { stage } from '../report/events.ts';
import { printJson } from '../report/output.ts';
import { display, jsonLines, toAll } from '../report/sinks.ts';
import type { Globals } from './globals.ts';
import { machinesOf, openRunningLab, requireNode } from './open-lab.ts';

/** lab reset NAME [NODE]: one machine, or all of them, as new and set up again. */
export async function reset(name: string, node: string | undefined, globals: Globals): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const opened = await openRunningLab(name);
  const { plan, place, scripts } = opened;
  if (node) requireNode(plan, node);
  const emit = toAll(screen.emit, jsonLines(join(place.folder, 'events.jsonl')));
  const what = node ?? `all ${plan.nodes.length} machines`;
  const lock = await lockLab(place, `lab reset ${plan.lab}`, emit);
  try {
    const { seconds } = await stage(
      emit,
      'machines',
      `making ${what} anew`,
      async () => {
        if (!node) await qemuProvider.down(place);
        await writePlan(place, plan, scripts);
        if (node && qemuProvider.reset) await qemuProvider.reset(plan, place, node, emit);
        const machines = node ? await machinesOf(opened) : await qemuProvider.up(plan, place, emit);
        await writeSshConfig(place, machines);
        disconnect(await provision({ plan, place, machines }, scripts, emit, node ? [node] : undefined));
      },
      () => `${what} as new`,
    );
    if (globals.json) printJson({ schema: 'lvs-lab/reset/1', lab: plan.lab, node: node ?? null, seconds });
    return ExitCode.ok;
  } finally {
    screen.clear();
    lock.release();
  }
}

import { join } from 'node:path';
import { ExitCode } from '../errors.ts';
import type { Place } from '../host/paths.ts';
import { lockLab, writePlan, writeSshConfig } from '../host/run-state.ts';
import type { Plan } from '../plan/plan.ts';
import type { Machine } from '../providers/provider.ts';
import { qemuProvider } from '../providers/qemu/qemu.ts';
import { type Emit, stage } from '../report/events.ts';
import { printJson } from '../report/output.ts';
import { display, jsonLines, toAll } from '../report/sinks.ts';
import type { Globals } from './globals.ts';
import { findRunningLab, machinesOf, requireNode, withScripts } from './opened-lab.ts';

/** lab reset NAME [NODE]: one machine, or all of them, as new and set up again. */
export async function reset(name: string, node: string | undefined, globals: Globals): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const { plan, place } = await findRunningLab(name);
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
        // What the scripts need is loaded while the machine starts: half of a command's own time.
        const renewing = renew(plan, place, node, emit);
        const [{ provision, disconnect }, { scripts }] = await Promise.all([
          import('../provision/provision.ts'),
          withScripts(plan),
        ]);
        await writePlan(place, plan, scripts);
        const machines = await renewing;
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

/** A provider that cannot make one machine anew brings up what is missing once the whole lab has ended. */
async function renew(plan: Plan, place: Place, node: string | undefined, emit: Emit): Promise<Machine[]> {
  if (node && qemuProvider.reset) {
    await qemuProvider.reset(plan, place, node, emit);
    return machinesOf({ plan, place });
  }
  await qemuProvider.down(place);
  return qemuProvider.up(plan, place, emit);
}

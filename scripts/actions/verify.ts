import { countOf } from '../count-of.ts';
import { allRequests } from '../plan/plan.ts';
import { disconnect, type ProvisionedLab } from '../provision/lab-states.ts';
import { connectAll } from '../provision/provision.ts';
import { secondsSince, stage } from '../report/events.ts';
import { display } from '../report/sinks.ts';
import type { Globals } from './globals.ts';
import { findRunningLab, machinesOf, withScripts } from './opened-lab.ts';
import { reportVerdict } from './report-verdict.ts';
import { verification } from './verification.ts';

/** lab verify NAME: checks a running lab. Only its drills change anything, and undo it. */
export async function verify(
  name: string,
  options: { requests?: number | undefined; diagnose: boolean },
  globals: Globals,
): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const opened = await withScripts((await findRunningLab(name)).plan);
  const { requests } = options;
  const services = opened.plan.services.map((one) => (requests ? { ...one, requests } : one));
  const plan = { ...opened.plan, services };
  const sent = allRequests(plan);
  const machines = await machinesOf(opened, undefined, screen.emit);
  const start = performance.now();
  const lab: ProvisionedLab = { plan, place: opened.place, machines, remotes: await connectAll(machines) };
  try {
    const { result: verdict } = await stage(
      screen.emit,
      'verify',
      `sending ${countOf(sent, 'request')} and looking at every node`,
      () => verification(opened, lab, screen.emit),
      () => `${countOf(sent, 'request')} sent, every node looked at`,
    );
    const seconds = { total: Math.round(performance.now()) / 1000, verify: secondsSince(start) };
    const diagnosis =
      verdict.ok || !options.diagnose
        ? undefined
        : await (await import('./diagnosis.ts')).diagnosisOfFailure(lab, opened.templates, verdict, screen.emit);
    screen.clear();
    return await reportVerdict({ ...opened, plan }, verdict, seconds, globals, diagnosis);
  } finally {
    screen.clear();
    disconnect(lab);
  }
}

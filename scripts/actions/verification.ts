import { countOf } from '../count-of.ts';
import type { PowerControl } from '../drills/power-control.ts';
import { unlessInterrupted } from '../host/interrupt.ts';
import type { Lock } from '../host/lock.ts';
import type { Place } from '../host/paths.ts';
import { lockLab } from '../host/run-state.ts';
import { writeSshConfig } from '../host/ssh-config.ts';
import { allRequests } from '../plan/plan.ts';
import { providerOf } from '../providers/providers.ts';
import type { ProvisionedLab } from '../provision/lab-states.ts';
import { provision } from '../provision/provision.ts';
import { type Emit, stage } from '../report/events.ts';
import { type Verdict, verify } from '../verify/verify.ts';
import type { OpenedLab } from './opened-lab.ts';

/** Verifies a lab. The caller holds the lab's lock: no other command may change machines while a drill does. */
export async function verification(
  opened: OpenedLab,
  lab: ProvisionedLab,
  emit: Emit,
): Promise<{ verdict: Verdict; seconds: number }> {
  const requests = countOf(allRequests(lab.plan), 'request');
  const { result, seconds } = await stage(
    emit,
    'verify',
    `sending ${requests} and looking at every node`,
    () => verify(lab, opened.templates, powerControl(opened, lab, emit)),
    () => `${requests} sent, every node looked at`,
  );
  return { verdict: result, seconds };
}

/** The lock under which a lab is verified, and diagnosed after it. */
export function lockToVerify(place: Place, emit: Emit): Promise<Lock> {
  return lockLab(place, `checking lab ${place.lab}`, emit);
}

function powerControl({ place, scripts }: OpenedLab, lab: ProvisionedLab, emit: Emit): PowerControl {
  const { plan } = lab;
  const warningsOnly: Emit = (event) => {
    if (event.type === 'warning') emit(event);
  };
  // Ctrl-C ends the wait for a step, not the step itself: the machine's next step begins when it has ended.
  const steps = new Map<string, Promise<void>>();
  const inTurn = (node: string, step: () => Promise<void>): Promise<void> => {
    const turn = (steps.get(node) ?? Promise.resolve()).then(step, step);
    turn.catch(() => {}); // whoever waits for it gets its error
    steps.set(node, turn);
    return unlessInterrupted(turn);
  };
  return {
    cut: (node) => inTurn(node, () => cut(node)),
    restore: (node) => inTurn(node, () => restore(node)),
  };

  async function cut(node: string): Promise<void> {
    lab.remotes.get(node)?.close();
    await (await providerOf(plan.provider)).down(place, node);
  }

  async function restore(node: string): Promise<void> {
    const machines = await (await providerOf(plan.provider)).up(plan, place, warningsOnly);
    await writeSshConfig(place, machines);
    // A machine that did not answer in time was started anew as well. It has another port, and nothing is set up on it.
    const portOf = (name: string) => lab.machines.find((one) => one.node === name)?.ssh.port;
    const fresh = machines.filter((one) => one.node === node || one.ssh.port !== portOf(one.node));
    const missing = scripts.filter((script) => fresh.some((one) => one.node === script.node));
    const { remotes } = await provision({ plan, place, machines: fresh }, missing, warningsOnly);
    for (const [name, remote] of remotes) lab.remotes.set(name, remote);
    lab.machines = machines;
  }
}

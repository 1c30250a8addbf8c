import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ProviderError } from '../../errors.ts';
import { exists, makePrivateFolder, readIfThere, removeTree } from '../../host/files.ts';
import type { Place } from '../../host/paths.ts';
import { patient } from '../../host/patience.ts';
import { which } from '../../host/which.ts';
import type { Plan } from '../../plan/plan.ts';
import { type Emit, secondsSince } from '../../report/events.ts';
import type { Machine, MachineStatus, Provider } from '../provider.ts';
import { acceleratorForLibvirt } from './accelerator.ts';
import { guardUpload } from './box-upload.ts';
import { forget, meet, metMachines, scanHostKey } from './host-keys.ts';
import { vagrantInfo } from './info.ts';
import { endAbandonedCommands, knownIds } from './leftovers.ts';
import { progressOf, sshSettingsOf, statesOf, type VagrantLine } from './machine-readable.ts';
import { probeVagrant, requireVagrant } from './probe.ts';
import { sweep } from './sweep.ts';
import { vagrant, vagrantFolder } from './vagrant-command.ts';

/** Enough to download a box and to boot emulated machines. */
const upDeadlineMs = 1_800_000;
const destroyDeadlineMs = 300_000;
const askDeadlineMs = 120_000;

/** Machines by Vagrant, on libvirt or VirtualBox, each made from its box. */
export const vagrantProvider: Provider = {
  ...vagrantInfo,
  probe: probeVagrant,

  prepare: requireVagrant,

  async up(plan, place, emit) {
    await requireVagrant();
    await makePrivateFolder(vagrantFolder(place));
    await endAbandonedCommands(place);
    const there = await keepWhatAnswers(plan, place, emit);
    const missing = namesOf(plan).filter((name) => !there.some(({ node }) => node === name));
    if (missing.length === 0) return there;
    await sweep(place, [...(await knownIds(place)).values()]);
    const env = { LAB_ACCEL: await acceleratorForLibvirt(plan.release, emit) };
    const upload = await guardUpload(emit);
    const report = reporter(emit);
    const onLine = (line: VagrantLine) => {
      upload.onLine(line);
      report(line);
    };
    await vagrant(place, ['up', ...missing], { timeoutMs: upDeadlineMs, env, changes: true, onLine }).finally(
      upload.end,
    );
    return ask(plan, place, namesOf(plan));
  },

  async machines(plan, place) {
    const there = await answering(plan, place);
    if (there.length === plan.nodes.length) return there;
    await requireVagrant();
    return ask(plan, place, await runningNodes(place, namesOf(plan)));
  },

  async status(place) {
    if (!(await isOurs(place)) || !(await which('vagrant'))) return [];
    const states = statesOf(await vagrant(place, ['status'], { timeoutMs: askDeadlineMs }));
    const met = await metMachines(place);
    return [...states]
      .filter(([, state]) => state !== 'not_created')
      .map(([node, state]): MachineStatus => {
        const endpoint = met[node]?.endpoint;
        const ssh = endpoint && { sshHost: endpoint.host, sshPort: endpoint.port };
        return { node, state: state === 'running' ? 'running' : 'stopped', ...ssh };
      });
  },

  async down(place, node) {
    if (!(await exists(vagrantFolder(place)))) return;
    await endAbandonedCommands(place);
    if (node) return destroy(place, [node]);
    let failure: unknown = new ProviderError('neither Vagrant nor a hypervisor is installed to end the machines');
    let ended = false;
    if ((await isOurs(place)) && (await which('vagrant'))) {
      try {
        await destroy(place, []);
        ended = true;
      } catch (error) {
        failure = error;
      }
    }
    // Machines that Vagrant does not know, or cannot end because the plan is damaged or a plug-in is gone.
    const swept = await sweep(place, []);
    if (!ended && !swept) throw failure;
    await removeTree(vagrantFolder(place));
  },
};

/** Whether Vagrant has anything of this lab, and the plan, which the Vagrantfile reads, exists. */
async function isOurs(place: Place): Promise<boolean> {
  return (await exists(vagrantFolder(place))) && (await readIfThere(join(place.folder, 'plan.json'))) !== undefined;
}

function namesOf(plan: Plan): string[] {
  return plan.nodes.map(({ name }) => name);
}

/**
 * Machines that have answered before, have the same ID and answer with the same key. Asking Vagrant would take seconds for each machine.
 */
async function answering(plan: Plan, place: Place): Promise<Machine[]> {
  const [met, ids] = await Promise.all([metMachines(place), knownIds(place)]);
  const found = await Promise.all(
    namesOf(plan).map(async (node): Promise<Machine[]> => {
      const known = met[node];
      if (!known || known.id !== ids.get(node)) return [];
      const key = await scanHostKey(known.endpoint, patient(10_000));
      return key === known.endpoint.hostKey ? [{ node, ssh: known.endpoint }] : [];
    }),
  );
  return found.flat();
}

/** Machines of these nodes, with endpoints from Vagrant. */
async function ask(plan: Plan, place: Place, nodes: readonly string[]): Promise<Machine[]> {
  if (nodes.length === 0) return [];
  const lines = await vagrant(place, ['ssh-config', ...nodes], { timeoutMs: askDeadlineMs });
  const met = await meet(place, sshSettingsOf(lines), await knownIds(place));
  return namesOf(plan)
    .filter((node) => nodes.includes(node))
    .map((node) => {
      const endpoint = met[node]?.endpoint;
      if (!endpoint) throw new ProviderError('vagrant ssh-config does not list this machine', { node });
      return { node, ssh: endpoint };
    });
}

/** A rebooting machine answers within this time, even an emulated one on a busy computer. */
const rebootDeadlineMs = 60_000;

/**
 * Returns the machines that answer. It waits for running ones that do not: they may be rebooting, or have another address. A
 * running machine that stays silent is destroyed. So is one that has never answered: its `up` was killed, and nobody knows how far
 * it got. A machine that was switched off is left to `vagrant up`, which boots it from its disk.
 */
async function keepWhatAnswers(plan: Plan, place: Place, emit: Emit): Promise<Machine[]> {
  let there = await answering(plan, place);
  const isSilent = (node: string) => !there.some((machine) => machine.node === node);
  const [met, ids] = await Promise.all([metMachines(place), knownIds(place)]);
  const unmet = namesOf(plan).filter((node) => ids.has(node) && met[node]?.id !== ids.get(node));
  if (unmet.length > 0) await destroy(place, unmet);
  const silent = namesOf(plan).filter((node) => isSilent(node) && ids.has(node) && !unmet.includes(node));
  if (silent.length > 0) {
    const running = await runningNodes(place, silent);
    const end = performance.now() + patient(rebootDeadlineMs);
    await ask(plan, place, running).catch(() => {}); // a booting machine has no address yet
    for (there = await answering(plan, place); running.some(isSilent) && performance.now() < end; ) {
      emit({ type: 'progress', stage: 'machines', text: `waiting for ${running.filter(isSilent).join(', ')}` });
      await pause(500);
      there = await answering(plan, place);
    }
    const broken = running.filter(isSilent);
    for (const node of broken) emit({ type: 'warning', text: `${node} does not answer; making it again` });
    if (broken.length > 0) await destroy(place, broken);
  }
  for (const { node } of there) emit({ type: 'node', node, state: 'kept' });
  return there;
}

/** Which of these nodes run, according to Vagrant. */
async function runningNodes(place: Place, nodes: readonly string[]): Promise<string[]> {
  const states = statesOf(await vagrant(place, ['status', ...nodes], { timeoutMs: askDeadlineMs }));
  return nodes.filter((node) => states.get(node) === 'running');
}

async function destroy(place: Place, nodes: readonly string[]): Promise<void> {
  await vagrant(place, ['destroy', '--force', ...nodes], { timeoutMs: destroyDeadlineMs, changes: true });
  await forget(place, nodes);
}

/** Turns Vagrant's output into events. */
function reporter(emit: Emit): (line: VagrantLine) => void {
  const started = new Map<string, number>();
  return (line) => {
    const { target, type, data } = line;
    const text = progressOf(line);
    if (type === 'action' && data[0] === 'up' && data[1] === 'start') {
      started.set(target, performance.now());
      emit({ type: 'node', node: target, state: 'starting' });
    } else if (type === 'action' && data[0] === 'up' && data[1] === 'end') {
      const start = started.get(target) ?? performance.now();
      emit({ type: 'node', node: target, state: 'running', seconds: secondsSince(start) });
    } else if (text) emit({ type: 'progress', stage: 'machines', text });
  };
}

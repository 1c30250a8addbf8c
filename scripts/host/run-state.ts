import { cp, readdir, readFile, rename, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Plan } from '../plan/plan.ts';
import { providerInfo } from '../providers/index.ts';
import type { Script } from '../render/render.ts';
import type { Emit } from '../report/events.ts';
import { exists, makePrivateFolder, removeTree, writeWhole } from './files.ts';
import { type Lock, takeLock } from './lock.ts';
import { cacheFolder, type Place, projectRoot, runtimeFolder } from './paths.ts';
import { registerLab, registrationOf } from './registered-labs.ts';
import { readState, writeState } from './state-file.ts';

/**
 * Makes commands on one lab run one after the other; commands on different labs run side by side.
 * @param signal ends the wait for another command when it is aborted
 */
export function lockLab(place: Place, what: string, emit: Emit, signal?: AbortSignal): Promise<Lock> {
  return takeLock(labLock(place.id), {
    what,
    signal,
    onWait: (holder) => emit({ type: 'note', text: `waiting for another command on lab ${place.lab}: ${holder}` }),
  });
}

/** The file that is locked. */
export function labLock(id: string): string {
  return join(cacheFolder(), 'locks', id);
}

function planFile(place: Place): string {
  return join(place.folder, 'plan.json');
}

/** Whether the lab was started, or loaded, to the point from which commands take it for one that runs. */
export function hasPlan(place: Place): Promise<boolean> {
  return exists(planFile(place));
}

/** Whether the machines of the last plan can be used for this one. The scripts change everything else. */
export async function canKeepMachines(place: Place, plan: Plan): Promise<boolean> {
  const last = await readState<Plan>(planFile(place));
  return last !== undefined && machinesText(last) === machinesText(plan);
}

function machinesText(plan: Plan): string {
  const { schema, mode, release, kernel, memory, provider, box, networks, nodes, realServers, services = [] } = plan;
  // Things that the scripts of another plan leave behind: VIPs, marks, daemons, tunnels, an order of real servers.
  const traces = services.map(({ vip, protocol, fwmark, endpoints, destinations }) => {
    return [vip, protocol, fwmark, endpoints, destinations.map(({ server, port }) => [server, port])];
  });
  return JSON.stringify([schema, mode, release, kernel, memory, provider, box, networks, nodes, realServers, traces]);
}

/** The script that runs the other scripts of a node. */
export const stepRunner = 'run-steps.sh';

export function readStepRunner(): Promise<string> {
  return readFile(join(projectRoot, 'templates', stepRunner), 'utf8');
}

/** Writes the plan and its scripts, and where they are, so that `lab status` finds the lab. */
export async function writePlan(place: Place, plan: Plan, scripts: readonly Script[]): Promise<void> {
  await makePrivateFolder(place.runtime);
  await registerLab(place, providerInfo(plan.provider).capabilities);
  const folder = join(place.folder, 'scripts');
  await removeTree(folder);
  await Promise.all(scripts.map(({ node, file, text }) => writeWhole(join(folder, node, file), text)));
  const runner = await readStepRunner();
  await Promise.all(plan.nodes.map(({ name }) => writeWhole(join(folder, name, stepRunner), runner)));
  await writePlanFile(place, plan);
}

/** Writes the plan alone. Without it no command takes the lab for one that runs. */
export async function writePlanFile(place: Place, plan: Plan): Promise<void> {
  await writeState(planFile(place), plan);
}

/** Moves a folder, also to another file system. A missing folder has been moved already. */
async function moveFolder(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EXDEV') await cp(from, to, { recursive: true });
    else if (code !== 'ENOENT') throw error;
    await removeTree(from);
  }
}

/** The number of ended labs whose logs are kept. */
const keptLogs = 20;

/** Removes a lab's folder. Its logs go to the cache, which keeps the latest. */
export async function removeRunState(place: Place): Promise<void> {
  const logs = join(cacheFolder(), 'logs');
  await makePrivateFolder(logs);
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  await moveFolder(place.folder, join(logs, `${stamp}-${place.lab}`));
  for (const folder of [dirname(place.folder), runtimeFolder()]) await rmdir(folder).catch(() => {}); // not empty: another lab is in it
  await removeTree(registrationOf(place.id));
  const old = (await readdir(logs)).sort().slice(0, -keptLogs);
  await Promise.all(old.map((name) => removeTree(join(logs, name))));
}

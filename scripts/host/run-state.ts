import { cp, readdir, readFile, rename, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Plan } from '../plan/plan.ts';
import { providerInfo } from '../providers/index.ts';
import type { Machine } from '../providers/provider.ts';
import type { Script } from '../render/render.ts';
import type { Emit } from '../report/events.ts';
import { makePrivateFolder, removeTree, writeWhole } from './files.ts';
import { type Lock, takeLock } from './lock.ts';
import { cacheFolder, type Place, projectRoot, runtimeFolder } from './paths.ts';
import { readState, writeState } from './state-file.ts';

/** Keeps two commands off one lab; different labs run side by side. */
export function lockLab(place: Place, what: string, emit: Emit): Promise<Lock> {
  return takeLock(join(cacheFolder(), 'locks', place.id), {
    what,
    onWait: (holder) => emit({ type: 'note', text: `waiting for another command on lab ${place.lab}: ${holder}` }),
  });
}

function planFile(place: Place): string {
  return join(place.folder, 'plan.json');
}

/** Whether machines that were brought up for the last plan will do for this one: its scripts change only the rest. */
export async function willDo(place: Place, plan: Plan): Promise<boolean> {
  const last = await readState<Plan>(planFile(place));
  return last !== undefined && machinesText(last) === machinesText(plan);
}

function machinesText(plan: Plan): string {
  const { schema, mode, release, kernel, memory, provider, box, networks, nodes, realServers, services = [] } = plan;
  // What the scripts of another plan would leave behind: VIPs, marks, daemons, ways into a tunnel, an order of servers.
  const traces = services.map(({ vip, protocol, fwmark, endpoints, destinations }) => {
    return [vip, protocol, fwmark, endpoints, destinations.map(({ server, port }) => [server, port])];
  });
  return JSON.stringify([schema, mode, release, kernel, memory, provider, box, networks, nodes, realServers, traces]);
}

/** The script that runs the others; it goes to each node with them. */
export const stepRunner = 'run-steps.sh';

/** Writes the plan, where the lab is found again by `lab status`, and its scripts. */
export async function writePlan(place: Place, plan: Plan, scripts: readonly Script[]): Promise<void> {
  await makePrivateFolder(place.runtime);
  const record: Registered = { lab: place.lab, folder: place.folder };
  await writeState(join(place.runtime, 'lab.json'), record);
  // A logout empties the runtime folder.
  const { outlivesLogout } = providerInfo(plan.provider).capabilities;
  if (outlivesLogout) await writeState(registrationOf(place.id), record);
  const folder = join(place.folder, 'scripts');
  await removeTree(folder);
  await Promise.all(scripts.map(({ node, file, text }) => writeWhole(join(folder, node, file), text)));
  const runner = await readFile(join(projectRoot, 'templates', stepRunner), 'utf8');
  await Promise.all(plan.nodes.map(({ name }) => writeWhole(join(folder, name, stepRunner), runner)));
  await writeState(planFile(place), plan);
}

/** Where a lab is. */
export interface Registered {
  lab: string;
  folder: string;
}

function registrationOf(id: string): string {
  return join(cacheFolder(), 'registered', `${id}.json`);
}

/** Labs whose machines may have outlived a logout, by id. */
export async function registeredLabs(): Promise<Map<string, Registered>> {
  const files = await readdir(dirname(registrationOf(''))).catch(() => []);
  const labs = new Map<string, Registered>();
  for (const id of files.map((file) => file.replace(/\.json$/, ''))) {
    const record = await readState<Registered>(registrationOf(id));
    if (record) labs.set(id, record);
  }
  return labs;
}

/** An ssh_config for plain `ssh -F`, and the known_hosts that pins the machines' keys. */
export async function writeSshConfig(place: Place, machines: readonly Machine[]): Promise<void> {
  const knownHosts = join(place.folder, 'known_hosts');
  // ssh_config(5): TOKENS, and quotes as in argv_split of OpenSSH's misc.c.
  const quoted = (path: string) => `"${path.replace(/["\\]/g, '\\$&').replaceAll('%', '%%')}"`;
  const alias = (node: string) => `${place.lab}-${node}`;
  const blocks = machines.map(({ node, ssh }) =>
    [
      `Host ${node}`,
      `  HostName ${ssh.host}`,
      `  Port ${ssh.port}`,
      `  User ${ssh.user}`,
      `  IdentityFile ${quoted(ssh.identityFile)}`,
      '  IdentitiesOnly yes',
      `  HostKeyAlias ${alias(node)}`,
      `  UserKnownHostsFile ${quoted(knownHosts)}`,
      '  StrictHostKeyChecking yes',
      '  ConnectTimeout 120',
      '  ServerAliveInterval 5',
      '  ServerAliveCountMax 24',
      '  LogLevel ERROR',
    ].join('\n'),
  );
  await writeWhole(knownHosts, machines.map(({ node, ssh }) => `${alias(node)} ${ssh.hostKey}\n`).join(''));
  await writeWhole(join(place.folder, 'ssh_config'), `${blocks.join('\n\n')}\n`);
}

export function sshConfigOf(place: Place): string {
  return join(place.folder, 'ssh_config');
}

/** Moves a folder, also to another file system; one that is not there is moved already. */
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

/** How many ended labs' logs are kept. */
const keptLogs = 20;

/** Takes a lab's folder away. Its logs go to the cache, where the latest are kept. */
export async function removeRunState(place: Place): Promise<void> {
  const logs = join(cacheFolder(), 'logs');
  await makePrivateFolder(logs);
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  await moveFolder(place.folder, join(logs, `${stamp}-${place.lab}`));
  for (const folder of [dirname(place.folder), runtimeFolder()]) await rmdir(folder).catch(() => {}); // others are in it
  await removeTree(registrationOf(place.id));
  const old = (await readdir(logs)).sort().slice(0, -keptLogs);
  await Promise.all(old.map((name) => removeTree(join(logs, name))));
}

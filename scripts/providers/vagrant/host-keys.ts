import { join } from 'node:path';
import { ConnectionError } from '../../errors.ts';
import { run } from '../../host/exec.ts';
import type { Place } from '../../host/paths.ts';
import { readState, writeState } from '../../host/state-file.ts';
import { waitFor } from '../../host/wait.ts';
import type { SshEndpoint } from '../provider.ts';
import type { SshSettings } from './machine-readable.ts';
import { vagrantFolder } from './vagrant-command.ts';

/** A machine that has answered: its endpoint, and Vagrant's ID of it, which changes when the machine is made again. */
interface Met {
  id: string;
  endpoint: SshEndpoint;
}

type AllMet = Record<string, Met>;

function file(place: Place): string {
  return join(vagrantFolder(place), 'met.json');
}

/** The machines that have answered, by node. */
export async function metMachines(place: Place): Promise<AllMet> {
  return (await readState<AllMet>(file(place))) ?? {};
}

/**
 * Gets the host keys of machines. A box makes its host key when it boots, so the kit accepts the first key; only this computer and
 * the machines of its Vagrant are on that network. From then on the key is pinned for as long as the machine exists.
 */
export async function meet(place: Place, settings: readonly SshSettings[], ids: Map<string, string>): Promise<AllMet> {
  const before = await metMachines(place);
  const now = await Promise.all(
    settings.map(async ({ node, host, port, user, identityFile }): Promise<[string, Met]> => {
      const id = ids.get(node) ?? '';
      const known = before[node];
      const hostKey =
        known?.id === id
          ? known.endpoint.hostKey
          : await waitFor(() => scanHostKey({ host, port }, 30_000), {
              what: `the ed25519 host key of ${node}`,
              deadlineMs: 120_000,
              everyMs: 500,
              facts: () => ({ node, cause: 'the machine hangs, or its box has no ed25519 host key' }),
            });
      return [node, { id, endpoint: { host, port, user, identityFile, hostKey } }];
    }),
  );
  const all = { ...before, ...Object.fromEntries(now) };
  await writeState(file(place), all);
  return all;
}

/** Forgets machines that are gone. */
export async function forget(place: Place, nodes: readonly string[]): Promise<void> {
  const all = await metMachines(place);
  for (const node of nodes) delete all[node];
  await writeState(file(place), all);
}

/** The host key of a machine; undefined when it does not answer in time. */
export async function scanHostKey(
  { host, port }: Pick<SshEndpoint, 'host' | 'port'>,
  deadlineMs: number,
): Promise<string | undefined> {
  const args = ['-T', String(Math.ceil(deadlineMs / 1000)), '-p', String(port), '-t', 'ed25519', host];
  try {
    const { stdout } = await run('ssh-keyscan', args, { anyExitCode: true, timeoutMs: deadlineMs + 2000 });
    const [, type, key] = /^\S+ (ssh-ed25519) (\S+)$/m.exec(stdout) ?? [];
    return key && `${type} ${key}`;
  } catch (error) {
    if (error instanceof ConnectionError) return undefined;
    throw error;
  }
}

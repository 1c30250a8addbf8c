import { join } from 'node:path';
import type { Machine } from '../providers/provider.ts';
import { writeWhole } from './files.ts';
import type { Place } from './paths.ts';

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

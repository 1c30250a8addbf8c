import { mkdtemp, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type Connection, type ServerChannel } from 'ssh2';

export const keys = {
  host: ssh2.utils.generateKeyPairSync('ed25519'),
  user: ssh2.utils.generateKeyPairSync('ed25519'),
};

/** What a server does once somebody is let in, or as soon as somebody comes. */
export interface Behaviour {
  onCommand?(channel: ServerChannel, client: Connection, command: string): void;
  onReady?(client: Connection): void;
  onGreeting?(): void;
  refuseCommands?: boolean;
}

/** A real SSH server on loopback, and how to reach it. */
export async function server(behaviour: Behaviour) {
  const folder = await mkdtemp(join(tmpdir(), 'lab-ssh-'));
  const identityFile = join(folder, 'id');
  await writeFile(identityFile, keys.user.private, { mode: 0o600 });
  const listening = new ssh2.Server({ hostKeys: [keys.host.private] }, (client) => {
    client.on('error', () => {});
    behaviour.onGreeting?.();
    client.on('authentication', (context) => context.accept());
    client.on('ready', () => {
      behaviour.onReady?.(client);
      client.on('session', (accept) => {
        accept().on('exec', (take, refuse, { command }) => {
          if (behaviour.refuseCommands) refuse();
          else behaviour.onCommand?.(take(), client, command);
        });
      });
    });
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const endpoint = {
    host: '127.0.0.1',
    port: (listening.address() as AddressInfo).port,
    user: 'root',
    identityFile,
    hostKey: keys.host.public,
  };
  return { endpoint, close: () => listening.close() };
}

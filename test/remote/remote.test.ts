import { mkdtemp, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import ssh2, { type Connection, type ServerChannel } from 'ssh2';
import { ConnectionError, ExitCode } from '../../scripts/errors.ts';
import { Remote } from '../../scripts/remote/remote.ts';

const keys = {
  host: ssh2.utils.generateKeyPairSync('ed25519'),
  user: ssh2.utils.generateKeyPairSync('ed25519'),
};

/** What a server does once somebody is let in, or as soon as somebody comes. */
interface Behaviour {
  onCommand?(channel: ServerChannel, client: Connection, command: string): void;
  onReady?(client: Connection): void;
  onGreeting?(): void;
  refuseCommands?: boolean;
}

/** A real SSH server on loopback, and how to reach it. */
async function server(behaviour: Behaviour) {
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

async function run(behaviour: Behaviour, deadlineMs = 5000) {
  const { endpoint, close } = await server(behaviour);
  const remote = await Remote.connect({ node: 'rs1', ssh: endpoint });
  try {
    return await remote.exec('sh -s', { input: 'true\n', deadlineMs, step: '10-prepare.sh' });
  } finally {
    remote.close();
    close();
  }
}

test('what a command prints and ends with', async (t) => {
  const answer = await run({
    onCommand: (channel) => {
      channel.write('out\n');
      channel.stderr.write('err\n');
      channel.exit(3);
      channel.end();
    },
  });
  t.deepEqual(answer, { code: 3, stdout: 'out\n', stderr: 'err\n' });
});

test('a command that a signal kills has its exit code, as in a shell', async (t) => {
  const answer = await run({
    onCommand: (channel) => {
      channel.exit('KILL');
      channel.end();
    },
  });
  t.is(answer.code, 137);
});

const lost: Record<string, Behaviour> = {
  'right after the greeting': { onReady: (client) => client.end() },
  'when a command comes': { onCommand: (_, client) => client.end() },
  'in the middle of a command': {
    onCommand: (channel, client) => {
      channel.write('half of');
      setTimeout(() => client.end(), 20);
    },
  },
  'after all output, before the exit code': { onCommand: (channel) => channel.end('all of it') },
  'by refusing to run anything': { refuseCommands: true },
};

for (const [how, behaviour] of Object.entries(lost)) {
  test(`a connection that is lost ${how}: exit code 7, the node and the step`, async (t) => {
    const error = await t.throwsAsync(run(behaviour), { instanceOf: ConnectionError });
    t.is(error?.exitCode, ExitCode.connection);
    t.regex(error?.message ?? '', /connection lost/);
    t.is(error?.facts.node, 'rs1');
    t.is(error?.facts.step, '10-prepare.sh');
    t.truthy(error?.facts.tryThis);
  });
}

test('a connection that is lost before a command: each further command says so', async (t) => {
  let leave = () => {};
  const { endpoint, close } = await server({ onReady: (client) => (leave = () => client.end()) });
  const remote = await Remote.connect({ node: 'rs1', ssh: endpoint });
  leave();
  for (let count = 0; count < 4; count++) {
    await t.throwsAsync(remote.exec('true', { deadlineMs: 5000 }), { instanceOf: ConnectionError });
    await pause(10);
  }
  close();
});

test('what a command printed is known even if its end is not', async (t) => {
  const { endpoint, close } = await server(lost['in the middle of a command'] ?? {});
  const remote = await Remote.connect({ node: 'rs1', ssh: endpoint });
  let said = '';
  const onOutput = (text: string) => {
    said += text;
  };
  await t.throwsAsync(remote.exec('true', { deadlineMs: 5000, onOutput }), { instanceOf: ConnectionError });
  t.is(said, 'half of');
  remote.close();
  close();
});

test('a command without an end is given up in time', async (t) => {
  const error = await t.throwsAsync(run({ onCommand: () => {} }, 200), { instanceOf: ConnectionError });
  t.regex(error?.message ?? '', /no answer within [\d.]+ s/);
});

test('another host key is refused at once', async (t) => {
  let greeted = 0;
  const { endpoint, close } = await server({ onGreeting: () => greeted++ });
  const error = await t.throwsAsync(Remote.connect({ node: 'rs1', ssh: { ...endpoint, hostKey: keys.user.public } }));
  t.is(greeted, 1, 'nobody tries again');
  t.true(error instanceof ConnectionError);
  t.regex(error?.message ?? '', /another host key/);
  close();
});

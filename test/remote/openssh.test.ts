import { spawn } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Connection, ServerChannel } from 'ssh2';
import { ConnectionError } from '../../scripts/errors.ts';
import type { OpenSshHost } from '../../scripts/remote/openssh.ts';
import { Remote } from '../../scripts/remote/remote.ts';
import { type Behaviour, keys, server } from './ssh-server.ts';

/** Runs what is asked in a shell of this computer. */
function shell(env: Record<string, string> = {}): Behaviour {
  return {
    onCommand(channel: ServerChannel, _: Connection, command: string) {
      const child = spawn('sh', ['-c', command], { env: { ...process.env, ...env } });
      channel.pipe(child.stdin);
      child.stdin.on('error', () => {}); // a command need not read its input
      child.stdout.on('data', (chunk) => channel.write(chunk));
      child.stderr.on('data', (chunk) => channel.stderr.write(chunk));
      child.on('close', (code) => {
        channel.exit(code ?? 1);
        channel.end();
      });
    },
  };
}

/** A host that an ssh_config of the test's own describes. */
async function host(t: ExecutionContext, behaviour: Behaviour, hostKey = keys.host.public): Promise<OpenSshHost> {
  const { endpoint, close } = await server(behaviour);
  t.teardown(close);
  const folder = dirname(endpoint.identityFile);
  const config = join(folder, 'ssh_config');
  await writeFile(join(folder, 'known_hosts'), hostKey === '' ? '' : `lb1 ${hostKey}\n`);
  const lines = [
    'Host lb1',
    `HostName ${endpoint.host}`,
    `Port ${endpoint.port}`,
    'User somebody',
    'HostKeyAlias lb1',
    `IdentityFile ${endpoint.identityFile}`,
    `UserKnownHostsFile ${join(folder, 'known_hosts')}`,
    'GlobalKnownHostsFile /dev/null',
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  return { url: 'lb1', host: 'lb1', config };
}

/** A folder with an `id` that says who is logged in, and a sudo that does what `text` says. */
async function userWithSudo(text: string): Promise<Record<string, string>> {
  const { endpoint, close } = await server({});
  close();
  const folder = join(dirname(endpoint.identityFile), 'bin');
  await mkdir(folder);
  await writeFile(join(folder, 'id'), '#!/bin/sh\necho 1000\n');
  await writeFile(join(folder, 'sudo'), `#!/bin/sh\n${text}\n`);
  for (const one of ['id', 'sudo']) await chmod(join(folder, one), 0o755);
  return { PATH: `${folder}:${process.env.PATH}` };
}

const asksForPassword = `
while true; do case $1 in
  -n) echo 'sudo: a password is required' >&2; exit 1;;
  -p) shift 2;;
  -*) shift;;
  *) break;;
esac; done
IFS= read -r password
[ "$password" = hunter2 ] || { echo 'sudo: 1 incorrect password attempt' >&2; exit 1; }
exec "$@"`;

/** A rule of its own: the probe needs a password, what comes afterwards does not. */
const asksOnce = (file: string) => asksForPassword.replace('IFS=', `[ -e ${file} ] && exec "$@"\n: >${file}\nIFS=`);

test('what a command prints, reads and ends with', async (t) => {
  const remote = await Remote.connectOpenSsh('lb1', await host(t, shell()));
  t.teardown(() => remote.close());
  const input = Buffer.from('first\nsecond\n');
  t.deepEqual(await remote.exec('cat; echo err >&2; exit 3', { input, deadlineMs: 20_000 }), {
    code: 3,
    stdout: 'first\nsecond\n',
    stderr: 'err\n',
  });
  t.is((await remote.exec('exit 255', { deadlineMs: 20_000 })).code, 255, 'no lost connection');
  t.is((await remote.exec("sh -c 'kill -KILL $$'", { deadlineMs: 20_000 })).code, 137);
});

test('all commands run over one login', async (t) => {
  let logins = 0;
  const remote = await Remote.connectOpenSsh('lb1', await host(t, { ...shell(), onReady: () => logins++ }));
  t.teardown(() => remote.close());
  for (const word of ['one', 'two'])
    t.is((await remote.exec(`echo ${word}`, { deadlineMs: 20_000 })).stdout, `${word}\n`);
  t.is(logins, 1);
});

test('a host key that is not the one in known_hosts is refused, and so is a host without one', async (t) => {
  const other = await t.throwsAsync(Remote.connectOpenSsh('lb1', await host(t, shell(), keys.user.public)), {
    instanceOf: ConnectionError,
  });
  t.is(other?.message, 'lb1: its host key is another one than known_hosts has');
  const none = await t.throwsAsync(Remote.connectOpenSsh('lb1', await host(t, shell(), '')), {
    instanceOf: ConnectionError,
  });
  t.is(none?.message, 'lb1: known_hosts has no host key of it');
});

test('sudo with a password: it is asked for once, and commands get their own input alone', async (t) => {
  const env = await userWithSudo(asksForPassword);
  let asked = 0;
  const remote = await Remote.connectOpenSsh('lb1', await host(t, shell(env)), async () => {
    asked++;
    return 'hunter2';
  });
  t.teardown(() => remote.close());
  for (const input of ['echo one\n', 'echo two\n']) {
    const { stdout } = await remote.exec(remote.asRoot('sh -s'), { input, deadlineMs: 20_000 });
    t.is(`echo ${stdout}`, input);
  }
  t.is((await remote.exec('cat', { input: 'mine\n', deadlineMs: 20_000 })).stdout, 'mine\n', 'without sudo');
  t.is(asked, 1);
});

test('where sudo asks for no password after all, the command does not get it', async (t) => {
  const { endpoint, close } = await server({});
  close();
  const env = await userWithSudo(asksOnce(join(dirname(endpoint.identityFile), 'asked')));
  const remote = await Remote.connectOpenSsh('lb1', await host(t, shell(env)), async () => 'hunter2');
  t.teardown(() => remote.close());
  const { stdout } = await remote.exec(remote.asRoot('cat'), { input: 'mine\n', deadlineMs: 20_000 });
  t.is(stdout, 'mine\n');
});

test('sudo that refuses: a wrong password, and nobody to ask', async (t) => {
  const reached = await host(t, shell(await userWithSudo(asksForPassword)));
  const wrong = await t.throwsAsync(Remote.connectOpenSsh('lb1', reached, async () => 'wrong'));
  t.is(wrong?.message, 'sudo did not take the password');
  const nobody = await t.throwsAsync(Remote.connectOpenSsh('lb1', reached));
  t.is(nobody?.message, 'sudo lets you run nothing without a password');
});

test('a connection that is lost in the middle of a command', async (t) => {
  const leaves: Behaviour = {
    onCommand(channel, client, command) {
      if (!command.includes('id -u')) return client.end();
      channel.write('0\n');
      channel.exit(0);
      channel.end();
    },
  };
  const remote = await Remote.connectOpenSsh('lb1', await host(t, leaves));
  t.teardown(() => remote.close());
  const error = await t.throwsAsync(remote.exec('true', { deadlineMs: 20_000, step: 'a step' }), {
    instanceOf: ConnectionError,
  });
  t.regex(error?.message ?? '', /connection lost/);
  t.is(error?.facts.step, 'a step');
});

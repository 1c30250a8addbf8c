import { spawn } from 'node:child_process';
import test from 'ava';
import type { Connection } from 'ssh2';
import { DirectorLooks } from '../../scripts/watch/director-looks.ts';
import { readLook } from '../../scripts/watch/look.ts';
import { server } from '../remote/ssh-server.ts';

test('one connection serves many looks; one that is lost is told, and made again', async (t) => {
  const connections: Connection[] = [];
  const { endpoint, close } = await server({
    onReady: (client) => connections.push(client),
    onCommand: (channel, _, command) => {
      const shell = spawn('sh', ['-c', command]);
      channel.pipe(shell.stdin);
      shell.stdout.pipe(channel, { end: false });
      shell.on('close', (code) => {
        channel.exit(code ?? 1);
        channel.end();
      });
    },
  });
  t.teardown(close);
  let found = 0;
  const looks = new DirectorLooks(
    'director',
    async () => {
      found++;
      return { node: 'director', ssh: endpoint };
    },
    600_000,
  );
  t.teardown(() => looks.close());
  for (let count = 0; count < 3; count++) {
    const look = await looks.look();
    t.true('text' in look && readLook(look.text).cut === false, JSON.stringify(look));
    t.regex('text' in look ? look.text : '', /^@@table\n(.*\n)*@@counters\n(.*\n)*@@connections\n/);
  }
  t.is(connections.length, 1);
  connections[0]?.end();
  const lost = await looks.look();
  t.regex('error' in lost ? lost.error : '', /connection lost|Not connected/i);
  t.deepEqual(await looks.look(), lost, 'it is left alone for a second');
  t.is(found, 1);
  while (!('text' in (await looks.look()))) await new Promise((resolve) => setTimeout(resolve, 50));
  t.is(connections.length, 2);
  t.is(found, 2);
});

test('a director that does not answer is told as such soon, and waited for no longer than that again', async (t) => {
  const held: (() => void)[] = [];
  let isFrozen = true;
  const { endpoint, close } = await server({
    onCommand: (channel) => {
      const answer = () => {
        channel.write('@@table\n');
        channel.exit(0);
        channel.end();
      };
      if (isFrozen) held.push(answer);
      else answer();
    },
  });
  t.teardown(close);
  const looks = new DirectorLooks('director', async () => ({ node: 'director', ssh: endpoint }), 20);
  t.teardown(() => looks.close());
  const first = await looks.look();
  t.regex('error' in first ? first.error : '', /no answer yet/);
  for (let count = 0; count < 20; count++) t.true('error' in (await looks.look()));
  while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  t.is(held.length, 1, 'it is asked once');
  isFrozen = false;
  held[0]?.();
  while (!('text' in (await looks.look()))) await new Promise((resolve) => setTimeout(resolve, 5));
  t.pass();
});

test('looks that are closed while they connect leave no connection', async (t) => {
  const connections: Connection[] = [];
  const { endpoint, close } = await server({ onReady: (client) => connections.push(client) });
  t.teardown(close);
  let find = () => {};
  const found = new Promise<void>((resolve) => {
    find = resolve;
  });
  const looks = new DirectorLooks('director', async () => {
    await found;
    return { node: 'director', ssh: endpoint };
  });
  const looking = looks.look();
  looks.close();
  find();
  t.true('error' in (await looking));
  while (connections.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise<void>((resolve) => {
    connections[0]?.on('close', resolve);
  });
});

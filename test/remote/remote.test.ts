import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import { ConnectionError, ExitCode } from '../../scripts/errors.ts';
import { Remote } from '../../scripts/remote/remote.ts';
import { type Behaviour, keys, server } from './ssh-server.ts';

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

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { type LoadRequest, parseLoad } from '../../scripts/drills/shared/load-requests.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';
import { renderer } from '../../scripts/render/render.ts';

const render = renderer(await loadTemplates(projectRoot));

/** The load against a server of the test, until the load has ended this many requests. */
async function load(serve: (socket: Socket, index: number) => void, count: number): Promise<LoadRequest[]> {
  const state = join(await mkdtemp(join(tmpdir(), 'lvs-lab-load-')), 'load');
  let index = 0;
  const server: Server = createServer((socket) => {
    socket.on('error', () => {});
    serve(socket, index++);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const context = { address: '127.0.0.1', port, page: '/', seconds: 60, connectTimeout: 0.2, answerTimeout: 30 };
  const text = render({ template: 'drills/shared/client-load', context }).replaceAll('/run/lvs-lab-load', state);
  const shell = spawn('sh', ['-c', text], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  shell.stdout.setEncoding('utf8').on('data', (some: string) => {
    printed += some;
    if (parseLoad(printed).length >= count) shell.stdout.destroy();
  });
  await once(shell, 'exit');
  server.close();
  return parseLoad(printed);
}

const page = 'HTTP/1.0 200 OK\r\n\r\n<h1>This is real server rs1</h1>\n';

test('requests follow each other, and each has its page', async (t) => {
  const requests = await load((socket) => socket.end(page), 5);
  t.deepEqual(new Set(requests.map(({ server }) => server)), new Set(['rs1']));
  for (const [at, { start }] of requests.entries()) t.true(at === 0 || start >= (requests[at - 1]?.end ?? 0));
});

test('a request that nobody answers does not hold up the others', async (t) => {
  const requests = await load((socket, index) => void (index > 1 && socket.end(page)), 5);
  // Two of them wait for thirty seconds, and five others have ended meanwhile.
  t.is(requests.length, 5);
  t.deepEqual(new Set(requests.map(({ server }) => server)), new Set(['rs1']));
});

test('an answer that is cut off, or that is no answer, is told', async (t) => {
  const [closed] = await load((socket) => socket.end(), 1);
  t.is(closed?.error, 'closed without an answer');
  const [reset] = await load((socket) => socket.once('data', () => socket.resetAndDestroy()), 1);
  t.regex(reset?.error ?? '', /^read: /);
});

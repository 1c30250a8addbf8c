import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import test, { type ExecutionContext } from 'ava';
import { ProviderError, UsageError } from '../../scripts/errors.ts';
import { serve } from '../../scripts/watch/server.ts';
import { Watching } from '../../scripts/watch/watching.ts';
import { planOf } from '../render/golden.ts';
import { ScriptedLab, token, watched } from './scripted.ts';

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

async function started(t: ExecutionContext, options: { readOnly?: boolean } = {}) {
  const lab = new ScriptedLab(await planOf('dr'));
  const server = await watched(lab, options);
  t.teardown(server.end);
  const cookie = `lab-watch-${server.port}=${token}`;
  const ask = (path: string, asked: { method?: string; headers?: Record<string, string>; body?: string } = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const { method = 'GET', headers = {}, body } = asked;
      const sent = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
          if (path.startsWith('/events') && text.includes('data:')) response.destroy();
        });
        const done = () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        response.on('close', done);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const origin = `http://127.0.0.1:${server.port}`;
  const wish = { method: 'POST', headers: { cookie, origin, 'content-type': 'application/json' } };
  return { lab, server, cookie, origin, ask, wish };
}

const paths = ['/', '/page.css', '/page.js', '/events', '/part?name=report', '/do', '/other', '/../../etc/passwd'];

test('nobody without the token gets anything', async (t) => {
  const { ask, lab, server, wish } = await started(t);
  const cookies = [
    '',
    'lab-watch-1=x',
    `lab-watch-${server.port}=`,
    `lab-watch-${server.port}=${token}x`,
    `other=${token}`,
  ];
  for (const cookie of cookies) {
    for (const path of paths) t.is((await ask(path, { headers: { cookie } })).status, 403, `${path} ${cookie}`);
    const posted = await ask('/do', { ...wish, headers: { ...wish.headers, cookie }, body: '{"do":"verify"}' });
    t.is(posted.status, 403);
  }
  t.is((await ask('/?token=wrong')).status, 403);
  t.is((await ask(`/page.js?token=${token}`)).status, 403, 'the token in an address opens the page only');
  t.deepEqual(lab.wishes, []);
});

test('with the token come the page, its parts and a cookie that neither scripts nor other sites get', async (t) => {
  const { ask, server, cookie } = await started(t);
  const page = await ask(`/?token=${token}`);
  t.is(page.status, 200);
  const [set = '', folder = ''] =
    /^(.*; HttpOnly; SameSite=Strict; Path=)(\/[0-9a-f]{24}\/)$/.exec(String(page.headers['set-cookie']))?.slice(1) ??
    [];
  t.is(set, `lab-watch-${server.port}=${token}; HttpOnly; SameSite=Strict; Path=`);
  const addresses = [...page.body.matchAll(/ (?:href|src|data-folder)="([^"#]*)/g)].map(([, address = '']) => address);
  t.true(addresses.length >= 4 && addresses.every((one) => one.startsWith(folder)), 'all are where the cookie is');
  const policy = String(page.headers['content-security-policy']);
  t.regex(policy, /^default-src 'self';.*frame-ancestors 'none'/);
  t.notRegex(policy, /unsafe|\*|https?:/);
  t.notRegex(page.body, /<style|\sstyle=|\son\w+=|<script(?! type="module" src="\/[0-9a-f]{24}\/page.js"><\/script>)/);
  t.false(page.body.includes(token), 'the page does not have the token');
  for (const path of ['/page.css', '/page.js', '/part?name=report', '/events', `${folder}page.js`, folder]) {
    const answer = await ask(path, { headers: { cookie } });
    t.is(answer.status, 200, path);
    t.is(answer.headers['x-content-type-options'], 'nosniff');
    t.is(answer.headers['access-control-allow-origin'], undefined);
  }
  t.is((await ask('/other', { headers: { cookie } })).status, 404);
});

test('a name that leads here by somebody else’s DNS is refused, also with the token', async (t) => {
  const { ask, cookie, server, wish } = await started(t);
  for (const host of [
    'evil.example',
    `evil.example:${server.port}`,
    '127.0.0.1',
    `127.0.0.1:${server.port}.evil.example`,
  ]) {
    t.is((await ask(`/?token=${token}`, { headers: { host } })).status, 421, host);
    t.is((await ask('/events', { headers: { host, cookie } })).status, 421, host);
    const origin = `http://${host}`;
    t.is(
      (await ask('/do', { ...wish, headers: { ...wish.headers, host, origin }, body: '{"do":"mend"}' })).status,
      421,
    );
  }
  t.is((await ask('/', { headers: { host: `localhost:${server.port}`, cookie } })).status, 200);
});

test('what a page of another site asks for is refused, even if the browser sent the cookie', async (t) => {
  const { ask, cookie, lab, wish, origin } = await started(t);
  const body = '{"do":"verify"}';
  for (const other of [
    'http://evil.example',
    'null',
    'http://127.0.0.1:1',
    `${origin}0`,
    origin.replace('http', 'https'),
  ]) {
    t.is((await ask('/do', { ...wish, headers: { ...wish.headers, origin: other }, body })).status, 403, other);
    t.is((await ask('/events', { headers: { cookie, origin: other } })).status, 403, other);
  }
  const withoutOrigin = { cookie, 'content-type': 'application/json' };
  t.is((await ask('/do', { method: 'POST', headers: withoutOrigin, body })).status, 403);
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    t.is((await ask('/do', { ...wish, headers: { ...wish.headers, 'content-type': type }, body })).status, 403, type);
  }
  for (const site of ['cross-site', 'same-site']) {
    t.is((await ask('/part?name=report', { headers: { cookie, 'sec-fetch-site': site } })).status, 403);
    t.is((await ask('/', { headers: { cookie, 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate' } })).status, 403);
  }
  const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  t.is(
    (await ask(`/?token=${token}`, { headers: link })).status,
    200,
    'the file that opens the browser is another site',
  );
  for (const method of ['PUT', 'DELETE', 'OPTIONS', 'HEAD']) {
    t.is((await ask('/', { method, headers: { cookie, origin } })).status, 405, method);
  }
  t.deepEqual(lab.wishes, []);
});

test('buttons do what the lab can have, one thing at a time, and nothing else', async (t) => {
  const { ask, lab, wish, server } = await started(t);
  const post = async (body: unknown) => (await ask('/do', { ...wish, body: JSON.stringify(body) })).status;
  const service = 'TCP 192.168.1.3:80';
  const impossible = [
    {},
    null,
    { do: 'down' },
    { do: 'verify', more: 1 },
    { do: 'requests', service, count: 0 },
    { do: 'requests', service, count: 1e9 },
    { do: 'requests', service: 'TCP 8.8.8.8:80', count: 1 },
    { do: 'path', service: '--html /tmp/x' },
    { do: 'break', fault: 'vip-missing', place: '--seed' },
    { do: 'break', fault: '../x', place: 'rs1' },
    { do: 'verify', padding: 'x'.repeat(5000) },
  ];
  for (const one of impossible) t.is(await post(one), 400, JSON.stringify(one).slice(0, 80));
  t.deepEqual(lab.wishes, []);
  let finish = () => {};
  lab.doing = new Promise((resolve) => {
    finish = resolve;
  });
  t.is(await post({ do: 'break', fault: 'vip-missing', place: 'rs1' }), 202);
  t.is(await post({ do: 'verify' }), 409, 'something is being done');
  finish();
  await until(() => JSON.stringify(server.watching.feed.since(undefined)?.sections.lines).includes('done: break'));
  t.is(await post({ do: 'requests', service, count: 12 }), 202);
  t.deepEqual(lab.wishes, [
    { do: 'break', fault: 'vip-missing', place: 'rs1' },
    { do: 'requests', service, count: 12 },
  ]);
});

test('a page that only shows has no buttons, and nothing is done for whoever asks all the same', async (t) => {
  const { ask, lab, wish } = await started(t, { readOnly: true });
  const page = await ask(`/?token=${token}`);
  t.notRegex(page.body, /<button|<form|data-do/);
  t.is((await ask('/do', { ...wish, body: '{"do":"verify"}' })).status, 403);
  t.deepEqual(lab.wishes, []);
});

test('nothing listens on an address that others can reach', async (t) => {
  const { server } = await started(t);
  const others = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  for (const { address } of others.filter(({ internal, family }) => !internal && family === 'IPv4')) {
    const reached = await new Promise((resolve) => {
      const socket = connect(server.port, address, () => resolve(true)).on('error', () => resolve(false));
      socket.setTimeout(1000, () => resolve(false));
    });
    t.false(reached, address);
  }
});

test('a port that another program has is a mistake of whoever asked for it', async (t) => {
  const { lab, server } = await started(t);
  const options = { source: lab, watching: new Watching(lab), token, language: 'en', readOnly: true } as const;
  await t.throwsAsync(serve({ ...options, port: server.port }), { instanceOf: UsageError });
});

test('no machine is asked while nobody watches', async (t) => {
  const { lab, ask, cookie } = await started(t);
  await ask('/', { headers: { cookie } });
  t.is(lab.looks, 0);
  await ask('/events', { headers: { cookie } });
  await until(() => lab.looks > 0);
  t.pass();
});

test('a lab that has ended is not shown as if it ran; who asks for the page is told why, and what to do', async (t) => {
  const { lab, ask, cookie, server } = await started(t);
  t.teardown(server.watching.addViewer());
  const seen = () => (server.watching.feed.since(undefined)?.sections ?? {}) as Record<string, unknown>;
  const director = () => (seen().directors as { error: string | null; services: unknown[] }[] | undefined)?.[0];
  await until(() => director()?.services.length === 1);
  lab.gone = new ProviderError('lab dr does not run', { tryThis: 'lab up dr' });
  await until(() => director()?.error === 'lab dr does not run; try: lab up dr');
  t.deepEqual(director()?.services, []);
  const page = await ask('/', { headers: { cookie } });
  t.deepEqual([page.status, page.body], [503, 'lab dr does not run; try: lab up dr\n']);
  t.is((await ask('/part?name=path', { headers: { cookie } })).status, 200);
  lab.gone = undefined;
  await until(() => director()?.error === null && director()?.services.length === 1);
  const lines = JSON.stringify(seen().lines);
  t.is(lines.split('does not run').length - 1, 2, `once, in each language: ${lines}`);
});

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}

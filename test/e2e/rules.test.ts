import { join } from 'node:path';
import { run } from '../../scripts/host/exec.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { testsOf } from '../listed.ts';
import { LabCommand } from './lab.ts';

const test = testsOf('rules');
const lab = await LabCommand.inFreshFolder();

test.before('its lab is up', async (t) => {
  const { code, stderr } = await lab.run('run', 'dr');
  t.is(code, 0, stderr);
});

test.after(() => lab.end());

const restore = (text: string) =>
  run(process.execPath, [join(projectRoot, 'bin/lab.js'), 'rules', 'restore', 'dr'], {
    cwd: lab.folder,
    input: text,
    anyExitCode: true,
  });

/** Services of every kind; the second real server is added first, so that ipvsadm-save's own order would be another. */
const table = `-A -t 192.168.1.3:80 -s rr
-a -t 192.168.1.3:80 -r 192.168.1.5:80 -g -w 2 -x 10 -y 5
-a -t 192.168.1.3:80 -r 192.168.1.4:80 -g -w 1
-A -u 192.168.1.3:53 -s wrr -o
-a -u 192.168.1.3:53 -r 192.168.1.4:53 -i -w 3 --tun-type gue --tun-port 6080 --tun-nocsum
-A --sctp-service 192.168.1.3:99 -s sh -b sh-fallback,sh-port
-a --sctp-service 192.168.1.3:99 -r 192.168.1.4:99 -m -w 1
-A -t [fd00::3]:80 -s mh -b mh-port
-a -t [fd00::3]:80 -r [fd00::4]:80 -g -w 2
-A -f 7 -s lc -p 300 -M 255.255.255.0
-a -f 7 -r 192.168.1.4:0 -i -w 1 --tun-type ipip`;

test('rules: save, clear and restore are the identity on a real director', async (t) => {
  const { code, stderr } = await restore(table);
  t.is(code, 0, stderr);
  const saved = (await lab.run('rules', 'save', 'dr')).stdout;
  t.deepEqual(saved.split('\n').sort(), table.split('\n').sort());
  const order = async () => (await lab.on('dr', 'director', "grep -A2 '^TCP  C0A80103' /proc/net/ip_vs")).trim();
  const before = await order();
  t.is((await lab.run('rules', 'clear', 'dr')).code, 0);
  t.regex((await lab.run('rules', 'show', 'dr')).stdout, /the table is empty/);
  t.is((await restore(saved)).code, 0);
  t.is((await lab.run('rules', 'save', 'dr')).stdout, saved);
  t.is(await order(), before, 'the order that schedulers go by');
});

test('rules: a mistake in the text changes nothing; one that the kernel refuses brings the old table back', async (t) => {
  const before = (await lab.run('rules', 'save', 'dr')).stdout;
  const wrong = await restore('-A -t 1.2.3.4:80 -s rr\n-a -t 1.2.3.4:80 -r nonsense -g -w 1\n');
  t.is(wrong.code, 2);
  t.regex(wrong.stderr, /line 2 of the rules/);
  // ipvsadm goes on behind such a line, and its own exit code is that of the last one.
  const refused = await restore('-A -t 1.2.3.4:80 -s nope\n-A -t 1.2.3.4:81 -s rr\n');
  t.is(refused.code, 6);
  t.is((await restore('# nothing\n')).code, 2);
  t.is((await lab.run('rules', 'save', 'dr')).stdout, before);
});

test('up puts the table right; statistics and connections follow what the client does', async (t) => {
  t.is((await lab.run('up', 'dr')).code, 0);
  const verified = await lab.json('verify', 'dr');
  t.is(verified.code, 0);
  const { document } = await lab.json<{ connections: { client: string; state: string; expires: number }[] }>(
    'connections',
    'dr',
  );
  t.true(document.connections.length >= 12);
  t.true(document.connections.every(({ client, expires }) => client === '192.168.1.100' && expires > 0));
  // From Linux 6.2 on the kernel folds its counters every two seconds.
  const conns = async () => {
    const { document: stats } = await lab.json<{ counters: { service: string; connections: number }[] }>('stats', 'dr');
    return stats.counters.find(({ service }) => service === 'TCP 192.168.1.3:80')?.connections ?? 0;
  };
  // Each of the 12 requests is a connection, and the long one to each of the two real servers.
  for (let tries = 0; tries < 20 && (await conns()) < 14; tries++)
    await new Promise((resolve) => setTimeout(resolve, 200));
  t.is(await conns(), 14);
});

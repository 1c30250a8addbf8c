import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/host/paths.ts';
import type { Scheduler } from '../../scripts/model/words.ts';
import { testsOf } from '../listed.ts';
import { backendLabs } from '../render/golden.ts';
import { asPredicted, failedChecks, failedWords, hintOf, LabCommand } from './lab.ts';

// Labs with another option than the shipped ones, or other ways to treat them.
const test = testsOf('variants');
const lab = await LabCommand.inFreshFolder();

test.after(() => lab.end());

test('marks, mapped ports, UDP, FTP, SCTP and LocalNode in one lab of IPv6 by NAT; set up again, its table stays', async (t) => {
  const file = join(projectRoot, 'test/labs/everything.yaml');
  const { document, stderr } = await lab.json('run', file);
  t.deepEqual(failedWords(document), [], stderr);
  t.true(asPredicted(document), JSON.stringify(document.answers));
  const again = await lab.json('run', file);
  t.deepEqual(failedWords(again.document), [], again.stderr);
  t.true(asPredicted(again.document), 'from a table that was made anew nobody could say where wrr stands');
  const table = () => lab.on('everything', 'director', 'cat /proc/net/ip_vs_conn | wc -l');
  t.true(Number(await table()) > 60, 'a table that is made anew forgets its connections');
  t.is((await lab.run('down', file)).code, 0);
});

test('ftp: while nobody reads the control connection, every transfer fails', async (t) => {
  // Before its first connection: the module cannot be unloaded while IPVS remembers one.
  t.is((await lab.run('up', 'ftp')).code, 0);
  await lab.on('ftp', 'director', 'rmmod ip_vs_ftp');
  const { document } = await lab.json('verify', 'ftp', '--requests', '2');
  t.true(document.answers.every(({ server }) => server === null));
  t.regex(hintOf(document.checks.find(({ id, ok }) => id === 'helper' && !ok)), /modprobe ip_vs_ftp/);
  t.deepEqual(failedWords((await lab.json('run', 'ftp')).document), []);
  t.is((await lab.run('down', 'ftp')).code, 0);
});

test('health: by NAT, quiesced instead of taken out, without a sorry server; and one at another port than 80; a client’s port again', async (t) => {
  const text = await readFile(join(projectRoot, 'labs/health.yaml'), 'utf8');
  const file = join(lab.folder, 'old.yaml');
  const byNat =
    'mode: nat\nnetworks: { front: 192.168.1.0/24, back: 192.168.2.0/24 }\nservice: { vip: 192.168.1.3 }\n' +
    'health: { by: ldirectord, quiescent: true, sorry_server: false }\n';
  await writeFile(file, byNat);
  const { document, stderr } = await lab.json('run', file);
  t.deepEqual(failedWords(document), [], stderr);
  t.truthy(document.checks.find(({ id, title }) => id === 'health-out' && title.endsWith('quiesced')));
  t.falsy(document.checks.find(({ id }) => id === 'sorry'));
  t.is((await lab.run('down', file)).code, 0);
  await writeFile(file, text.replace('service:\n', 'service:\n  port: 8080\n'));
  const other = await lab.json('run', file);
  t.deepEqual(failedWords(other.document), [], other.stderr);
  t.truthy(
    other.document.checks.find(({ id }) => id === 'sorry'),
    'at another port than 80',
  );
  // IPVS remembers for two minutes whose a port of the client was. Until the server has closed: else the client remembers too.
  const ask =
    'socket S, PF_INET, SOCK_STREAM, 6; bind S, sockaddr_in(40001, INADDR_ANY) or die; alarm 10;' +
    'connect S, sockaddr_in(8080, inet_aton("192.168.1.3")) or die; syswrite S, "GET / HTTP/1.0\\r\\n\\r\\n"; print while <S>';
  const fromOnePort = () => lab.on(file, 'client', `perl -MSocket -e '${ask}' || echo nobody`);
  const expireNodest = (value: 0 | 1) =>
    lab.on(file, 'director', `sysctl -q -w net.ipv4.vs.expire_nodest_conn=${value}`);
  const [, first = ''] = /real server (rs\d)/.exec(await fromOnePort()) ?? [];
  const address = { rs1: '192.168.1.4', rs2: '192.168.1.5' }[first];
  t.truthy(address, first);
  await expireNodest(0);
  await lab.on(file, first, 'systemctl stop apache2');
  await lab.on(file, 'director', `timeout 300 sh -c 'while ipvsadm -Ln | grep -q "${address}:"; do sleep 0.1; done'`);
  t.regex(await fromOnePort(), /nobody/, 'what the kit sets expire_nodest_conn for');
  await expireNodest(1);
  t.regex(await fromOnePort(), /real server/);
  t.is((await lab.run('down', file)).code, 0);
});

test('keepalived: an open port is enough for tcp, http wants the right page; and nobody watches while it hangs', async (t) => {
  const text = await readFile(join(projectRoot, 'labs/keepalived.yaml'), 'utf8');
  const file = join(lab.folder, 'old.yaml');
  const until = (condition: string) =>
    lab.on('old', 'director', `for _ in $(seq 3000); do ${condition} && exit; sleep 0.1; done; exit 1`);
  const spoil = () => lab.on('old', 'rs1', 'echo nothing > /var/www/html/index.html');
  const checks = (list: string) =>
    writeFile(
      file,
      `${text.replace('scheduler: wrr', 'scheduler: rr').replace('[http, tcp, load]', list)}  quiescent: true\n  sorry_server: false\n`,
    );
  await checks('[tcp]');
  const { document, stderr } = await lab.json('run', file);
  t.deepEqual(failedWords(document), [], stderr);
  t.true(asPredicted(document), JSON.stringify(document.answers));
  t.truthy(document.checks.find(({ id, title }) => id === 'health-out' && title.endsWith('quiesced')));
  t.falsy(document.checks.find(({ id }) => id === 'sorry'));

  await spoil();
  // Three looks at both: nobody else connects from the director.
  const opened = `awk '/^Tcp: [0-9]/ { print $6 }' /proc/net/snmp`;
  const looks = Number(await lab.on('old', 'director', opened)) + 6;
  await until(`[ "$(${opened})" -ge ${looks} ]`);
  t.regex(await lab.on('old', 'director', 'ipvsadm -Ln'), /192\.168\.1\.4:80 +Route +1 /, 'to tcp all is well');

  await checks('[http]');
  t.is((await lab.run('up', file)).code, 0);
  await spoil();
  await until(`ipvsadm -Ln | grep -E '192.168.1.4:80 +Route +0 '`);

  t.is((await lab.run('up', file)).code, 0);
  // Not KILL: its child would see that, and clear the table.
  await lab.on('old', 'director', 'systemctl kill --signal=STOP keepalived');
  const hung = await lab.json('verify', file);
  t.regex(hintOf(hung.document.checks.find(({ id, ok }) => id === 'health-out' && !ok)), /journalctl.* keepalived/);
  t.is((await lab.run('down', file)).code, 0);
});

test('clock: the director’s time by DR over IPv6, by tunnel through the router', async (t) => {
  for (const name of ['ipv6-dr', 'tun-remote']) {
    const file = join(lab.folder, 'old.yaml');
    await writeFile(file, `${await readFile(join(projectRoot, 'labs', `${name}.yaml`), 'utf8')}clock: true\n`);
    const { document, stderr } = await lab.json('run', file);
    t.deepEqual(failedWords(document), [], `${name}: ${stderr}`);
    t.truthy(
      document.checks.find(({ id }) => id === 'clock-mended'),
      name,
    );
    t.is((await lab.run('down', file)).code, 0);
  }
});

test('a web site on any lab: WordPress over IPv6 by --with; PHP on a real server, and no share', async (t) => {
  const wordpress = await lab.json('run', 'ipv6-dr', '--with', 'nfs,php,mysql');
  t.deepEqual(failedWords(wordpress.document), [], wordpress.stderr);
  t.truthy(wordpress.document.checks.find(({ id }) => id === 'site-picture'));
  const { stdout } = await lab.run(
    'ssh',
    'ipv6-dr',
    'nfs',
    '--',
    'ss -Hltnu; systemctl is-active rpcbind.socket rpc-statd',
  );
  t.regex(stdout, /:2049 /);
  t.notRegex(stdout, /:111 |^active/m, 'NFS 4 alone');
  t.is((await lab.run('down', 'ipv6-dr')).code, 0);
  const file = join(projectRoot, 'test/labs/copies.yaml');
  const copies = await lab.json('run', file);
  t.deepEqual(failedWords(copies.document), [], copies.stderr);
  t.falsy(
    copies.document.checks.find(({ id }) => id === 'site-files'),
    'there is nothing to mount',
  );
  t.is((await lab.run('down', file)).code, 0);
});

for (const name of backendLabs) {
  for (const release of [13, 12]) {
    test(`${name}: each answer names its real server as predicted, on Debian ${release}`, async (t) => {
      const file = join(lab.folder, `${name}.yaml`);
      await writeFile(
        file,
        `release: ${release}\n${await readFile(join(projectRoot, 'test/labs', `${name}.yaml`), 'utf8')}`,
      );
      const { code, document, stderr } = await lab.json('run', file);
      t.deepEqual(failedWords(document), [], stderr);
      t.is(code, 0);
      t.true(asPredicted(document), JSON.stringify(document.answers));
      t.is((await lab.run('down', file)).code, 0);
    });
  }
}

test('held: other schedulers that look at open connections, as predicted', async (t) => {
  for (const scheduler of ['nq', 'ovf', 'lc', 'wlc'] satisfies Scheduler[]) {
    const { document, stderr } = await lab.json('run', 'held', '--scheduler', scheduler);
    t.deepEqual(failedWords(document), [], stderr);
    t.true(asPredicted(document), `${scheduler}: ${JSON.stringify(document.answers)}`);
  }
  t.is((await lab.run('down', 'held')).code, 0);
});

test('mixed modes: a scheduler that has nothing for some methods is no fault of theirs', async (t) => {
  const { code, document, stderr } = await lab.json('run', 'mixed-modes', '--scheduler', 'fo');
  t.deepEqual(failedWords(document), [], stderr);
  t.is(code, 0);
  await lab.on('mixed-modes', 'rs2', 'ip link set tunl0 down');
  t.is((await lab.run('up', 'mixed-modes')).code, 0);
  await lab.on('mixed-modes', 'rs2', 'ip link set tunl0 down');
  const broken = await lab.json('verify', 'mixed-modes');
  t.true(failedChecks(broken.document).includes('vip'));
  t.is((await lab.run('down', 'mixed-modes')).code, 0);
});

test('settings: what the lab file no longer asks for gets the kernel’s own value back', async (t) => {
  const file = join(lab.folder, 'settings.yaml');
  const text = (settings: string) =>
    `mode: dr\nnetworks: { front: 192.168.1.0/24 }\nservice: { vip: 192.168.1.3 }\n${settings}`;
  const read = () =>
    lab.on('settings', 'director', 'cat /proc/sys/net/ipv4/vs/expire_nodest_conn; ipvsadm -l --timeout');
  await writeFile(
    file,
    text('ipvs: { timeouts: { tcp: 60, tcpfin: 30, udp: 20 }, sysctls: { expire_nodest_conn: 1 } }\n'),
  );
  const { document, stderr } = await lab.json('run', file);
  t.deepEqual(failedWords(document), [], stderr);
  t.regex(await read(), /^1\n.* 60 30 20$/s);
  await writeFile(file, text(''));
  t.is((await lab.run('up', file)).code, 0);
  t.regex(await read(), /^0\n.* 900 120 300$/s);
  t.is((await lab.run('down', file)).code, 0);
});

test('lab import: a keepalived.conf is rehearsed, and its table is what keepalived would have made', async (t) => {
  const file = join(lab.folder, 'rehearsal.yaml');
  const from = join(projectRoot, 'test/recorded/keepalived.conf');
  t.is((await lab.run('import', from, '--output', file)).code, 0);
  t.is((await lab.run('import', from, '--output', file)).code, 2, 'a file that is there stays');
  const { code, document, stderr } = await lab.json('run', file);
  t.deepEqual(failedWords(document), [], stderr);
  t.is(code, 0);
  // keepalived adds a real server when it has answered, so their order is that of their answers.
  t.deepEqual((await lab.run('rules', 'save', 'rehearsal')).stdout.split('\n').sort(), [
    '-A -f 3 -s rr',
    '-A -t 192.168.1.3:443 -s wrr -p 50 -M 255.255.255.0',
    '-a -f 3 -r 192.168.1.4:0 -g -w 1',
    '-a -t 192.168.1.3:443 -r 192.168.1.4:443 -g -w 3 -x 100',
    '-a -t 192.168.1.3:443 -r 192.168.1.5:443 -g -w 1',
  ]);
  t.is((await lab.run('down', 'rehearsal')).code, 0);
});

test('another scheduler on the machines that run: predicted from what the kernel remembers of the last one', async (t) => {
  t.is((await lab.run('run', 'schedulers')).code, 0);
  for (const scheduler of ['lc', 'wlc', 'sed', 'nq', 'mh'] satisfies Scheduler[]) {
    const { document, stderr } = await lab.json('run', 'schedulers', '--scheduler', scheduler);
    t.deepEqual(failedWords(document), [], stderr);
    t.true(asPredicted(document), scheduler);
  }
  const { document } = await lab.json('run', 'schedulers', '--scheduler', 'twos');
  t.true(document.ok);
  t.true(
    document.answers.every(({ predicted }) => predicted === null),
    'nobody can say what twos picks',
  );
  t.is((await lab.run('down', 'schedulers')).code, 0);
});

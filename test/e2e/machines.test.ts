import { readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../scripts/host/exec.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { placeOf } from '../../scripts/host/paths.ts';
import { installPackage } from '../installed.ts';
import { testsOf } from '../listed.ts';
import { scaled } from '../pace.ts';
import { failedWords, LabCommand } from './lab.ts';

const test = testsOf('machines');
const lab = await LabCommand.inFreshFolder();
const nodes = ['client', 'director', 'rs1', 'rs2'];

test.before('its lab is up', async (t) => {
  const { code, stderr } = await lab.run('up', 'dr');
  if (code !== 0) t.log(stderr);
});

test.after(() => lab.end());

test('clones have their own names, MACs, clock and random bytes', async (t) => {
  const seconds = () => Date.now() / 1000;
  const start = seconds();
  const seen = await Promise.all(
    nodes.map(async (node) => {
      const text = await lab.on(
        'dr',
        node,
        'hostname; cat /sys/class/net/*/address; head -c 16 /dev/urandom | od -An -tx1; date +%s',
      );
      return text.trim().split('\n');
    }),
  );
  t.deepEqual(
    seen.map(([name]) => name),
    nodes,
  );
  for (const slot of [1, 4]) t.is(new Set(seen.map((lines) => lines[slot])).size, nodes.length, 'MACs differ');
  t.is(new Set(seen.map((lines) => lines.at(-2))).size, nodes.length, 'random bytes differ');
  for (const lines of seen) {
    const guest = Number(lines.at(-1));
    t.true(guest > start - 2 && guest < seconds() + 2, `the clock is right: ${start} ${guest} ${seconds()}`);
  }
});

test('guests reach neither the host nor the Internet', async (t) => {
  // The management network's gateway is the host's side of QEMU: it answers nothing.
  for (const target of ['169.254.77.2', '192.0.2.1']) {
    const { code } = await lab.run(
      'ssh',
      'dr',
      'rs1',
      '--',
      `ip route replace ${target} via 169.254.77.2 dev management onlink; curl -s --connect-timeout 2 http://${target}/`,
    );
    t.not(code, 0, target);
  }
});

test('nothing of a lab listens outside 127.0.0.1', async (t) => {
  const listening = (await readFile('/proc/net/tcp', 'utf8'))
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
  const inodes = new Map(listening.filter((row) => row[3] === '0A').map((row) => [row[9], row[1]?.split(':')[0]]));
  const addresses: (string | undefined)[] = [];
  for (const { pid } of await lab.processes('dr')) {
    for (const fd of await readdir(`/proc/${pid}/fd`)) {
      const inode = /socket:\[(\d+)\]/.exec(await readlink(`/proc/${pid}/fd/${fd}`).catch(() => ''))?.[1];
      if (inode && inodes.has(inode)) addresses.push(inodes.get(inode));
    }
  }
  t.is(addresses.length, nodes.length);
  t.deepEqual([...new Set(addresses)], ['0100007F']);
});

test('lab ssh passes on exit codes, words and pipes; plain ssh -F works', async (t) => {
  t.is((await lab.run('ssh', 'dr', 'rs1', '--', 'sh', '-c', 'exit 7')).code, 7);
  t.is((await lab.run('ssh', 'dr', 'rs1', '--', 'echo', 'a  b', "c'd")).stdout, "a  b c'd");
  t.is((await lab.run('ssh', 'dr', 'rs1', '--', 'echo one | tr o 0')).stdout, '0ne');
  const plain = await run('ssh', ['-F', join(lab.folder, '.lab/dr/ssh_config'), 'rs2', 'hostname'], {
    anyExitCode: true,
  });
  t.is(plain.stdout, 'rs2');
});

test('a changed host key is refused', async (t) => {
  const file = join(lab.folder, '.lab/dr/known_hosts');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/(ssh-ed25519 \S{30})\S{4}/g, '$1AAAA'));
  const { code } = await run('ssh', ['-F', join(lab.folder, '.lab/dr/ssh_config'), 'rs2', 'true'], {
    anyExitCode: true,
  });
  t.is(code, 255);
  await writeFile(file, text);
});

test('keys and state are private', async (t) => {
  const { mode } = await stat(join(lab.folder, '.lab/dr'));
  t.is(mode & 0o077, 0);
  const config = await readFile(join(lab.folder, '.lab/dr/ssh_config'), 'utf8');
  const key = /IdentityFile "(.*)"/.exec(config)?.[1] ?? '';
  t.is((await stat(key)).mode & 0o777, 0o600);
});

test('each console log is kept', async (t) => {
  const logs = await readdir(join(lab.folder, '.lab/dr/console'));
  for (const node of nodes) t.true(logs.includes(`${node}.log`));
});

test('reset makes one node as new and leaves the others alone', async (t) => {
  for (const node of ['rs1', 'rs2']) await lab.on('dr', node, 'touch /root/mark');
  t.is((await lab.run('reset', 'dr', 'rs1')).code, 0);
  t.is((await lab.run('ssh', 'dr', 'rs1', '--', 'test -e /root/mark')).code, 1);
  t.is((await lab.run('ssh', 'dr', 'rs2', '--', 'test -e /root/mark')).code, 0);
  const { document } = await lab.json('verify', 'dr');
  t.deepEqual(failedWords(document), []);
});

test('reset makes the whole lab as new', async (t) => {
  await lab.on('dr', 'rs2', 'touch /root/mark');
  t.is((await lab.run('reset', 'dr')).code, 0);
  t.is((await lab.run('ssh', 'dr', 'rs2', '--', 'test -e /root/mark')).code, 1);
  t.deepEqual(failedWords((await lab.json('verify', 'dr')).document), []);
});

test('a machine whose kernel panics: verify says so with exit code 5, up brings it back', async (t) => {
  await lab.run('ssh', 'dr', 'rs1', '--', 'echo c > /proc/sysrq-trigger');
  const { code, stderr } = await lab.run('verify', 'dr');
  t.is(code, 5);
  t.regex(stderr, /rs1 ended: kernel panic: sysrq triggered crash/);
  t.regex(stderr, /lab up dr/);
  t.deepEqual(failedWords((await lab.json('run', 'dr')).document), []);
});

test('a machine that is frozen: verify and status end in time, up starts it anew', async (t) => {
  const machine = (await lab.processes('dr')).find(({ argv }) => argv.some((argument) => argument.endsWith('/rs2')));
  process.kill(machine?.pid ?? 0, 'SIGSTOP');
  const { document } = await lab.json<{ labs: { nodes: { node: string; state: string }[] }[] }>('status', 'dr');
  t.is(document.labs[0]?.nodes.find(({ node }) => node === 'rs2')?.state, 'unknown');
  t.is((await lab.run('verify', 'dr')).code, 7);
  t.deepEqual(failedWords((await lab.json('run', 'dr')).document), []);
});

test('a machine that reboots has nothing left: it ends, verify says so, up starts it anew', async (t) => {
  await lab.run('ssh', 'dr', 'rs1', '--', 'systemctl reboot --force --force');
  const { code, stderr } = await lab.run('verify', 'dr');
  t.is(code, 5);
  t.regex(stderr, /rs1 does not run/);
  t.deepEqual(failedWords((await lab.json('run', 'dr')).document), []);
});

test('another weight is set in place: no machine ends for it', async (t) => {
  const file = join(lab.folder, 'dr.yaml');
  const text = (weight: number) => `mode: dr
networks: { front: 192.168.1.0/24 }
director: 192.168.1.2
real_servers: [{ address: 192.168.1.4, weight: ${weight} }, { address: 192.168.1.5 }]
service: { vip: 192.168.1.3, scheduler: wrr }
`;
  const before = (await lab.processes('dr')).map(({ pid }) => pid).sort();
  await writeFile(file, text(3));
  const { document } = await lab.json('run', file);
  t.deepEqual(failedWords(document), []);
  t.deepEqual((await lab.processes('dr')).map(({ pid }) => pid).sort(), before);
  t.is((await lab.run('up', 'dr')).code, 0);
});

test('a switch that ended takes its machines along; up brings all back', async (t) => {
  const found = (await lab.processes('dr')).find(({ argv }) => argv.includes('--sock'));
  if (!found) return t.pass('this QEMU has no vde; there is no switch to end');
  process.kill(found.pid, 'SIGKILL');
  t.deepEqual(failedWords((await lab.json('run', 'dr')).document), []);
});

test('a lab of one’s own: three real servers by wrr, on a port that NAT maps', async (t) => {
  const file = join(lab.folder, 'wrr.yaml');
  await writeFile(
    file,
    `mode: nat
networks: { front: 10.1.0.0/24, back: 10.2.0.0/24 }
real_servers: [{ weight: 3, port: 8080 }, { weight: 2 }, { weight: 1 }]
service: { vip: 10.1.0.50, scheduler: wrr }
`,
  );
  const { code, document, stderr } = await lab.json('run', file);
  t.deepEqual(failedWords(document), [], stderr);
  t.is(code, 0);
  t.is((await lab.run('down', 'wrr')).code, 0);
});

test('a script that fails names node, step and log, with exit code 6', async (t) => {
  await lab.on(
    'dr',
    'director',
    'mount --bind /bin/false /usr/sbin/ipvsadm-save && mount --bind /bin/false /usr/sbin/ipvsadm',
  );
  const { code, stderr } = await lab.run('up', 'dr');
  t.is(code, 6);
  t.regex(stderr, /node director, step \d+-ipvs\.sh/);
  t.regex(stderr, /log: .*director\.log/);
  t.is((await lab.run('reset', 'dr', 'director')).code, 0);
});

test('steps of a command that was interrupted are waited for', async (t) => {
  // It holds the lock until the next command's steps wait for it, and two seconds more.
  const meet = 'until pgrep -f "[r]un-steps.sh" > /dev/null; do sleep 0.1; done; sleep 2; touch /run/held-to-the-end';
  const holder = `flock /run/lvs-lab-steps.lock sh -c '${meet}'`;
  await lab.on('dr', 'rs1', `setsid -f ${holder} > /dev/null 2>&1 < /dev/null`);
  t.is((await lab.run('up', 'dr')).code, 0);
  await lab.on('dr', 'rs1', 'test -e /run/held-to-the-end');
});

test('a kill in the middle of up: the next up puts it right, down leaves nothing', async (t) => {
  await lab.run('down', 'dr');
  const up = lab.run('up', 'dr');
  const machines = async () => (await lab.processes('dr')).length;
  while ((await machines()) < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  const [command] = (
    await import('../../scripts/host/processes.ts').then(({ findProcesses }) => findProcesses('bin/lab.js', ['node']))
  ).filter(({ argv }) => argv.includes('up') && argv.includes('dr'));
  process.kill(command?.pid ?? 0, 'SIGKILL');
  await up.catch(() => {});
  t.deepEqual(failedWords((await lab.json('run', 'dr')).document), []);
  await lab.run('down', 'dr');
  t.deepEqual(await lab.processes('dr'), []);
});

test('Debian 12 guests: the same lab from the same file, and clones differ in their random bytes', async (t) => {
  const file = join(lab.folder, 'old.yaml');
  await writeFile(file, 'mode: dr\nrelease: 12\nnetworks: { front: 192.168.1.0/24 }\nservice: { vip: 192.168.1.3 }\n');
  const { code, document, stderr } = await lab.json('run', file);
  t.deepEqual(failedWords(document), [], stderr);
  t.is(code, 0);
  t.regex(await lab.on('old', 'rs1', 'cat /etc/debian_version'), /^12\./);
  const bytes = await Promise.all(
    ['rs1', 'rs2'].map((node) => lab.on('old', node, 'head -c 16 /dev/urandom | od -An -tx1')),
  );
  t.not(bytes[0], bytes[1]);
  t.is((await lab.run('down', 'old')).code, 0);
  t.deepEqual(await lab.processes('old'), []);
  t.is(placeOf('old', lab.folder).lab, 'old');
});

test('an installed package: npx lab run brings a lab up and verifies it', async (t) => {
  const { folder } = await installPackage();
  t.teardown(() => removeTree(folder));
  const npx = async (...args: string[]) =>
    run('npx', ['lab', ...args], {
      cwd: folder,
      env: { CI: 'true', npm_config_offline: 'true' },
      anyExitCode: true,
      timeoutMs: scaled(600_000),
    });
  try {
    const { code, stdout, stderr } = await npx('run', 'dr');
    t.is(code, 0, stderr);
    t.regex(stdout, /PASSED/);
    t.regex(stderr, /npx lab verify dr/);
  } finally {
    await npx('down', 'dr');
  }
});

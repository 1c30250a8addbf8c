import { mkdir, mkdtemp, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { removeTree } from '../../scripts/host/files.ts';
import { findProcesses } from '../../scripts/host/processes.ts';
import { mayBecomeNobody, nobody } from '../../scripts/host/user.ts';
import { templatesFolder } from '../../scripts/providers/qemu/template.ts';
import { testsOf } from '../listed.ts';
import { mayMount, unshareArguments } from '../namespaces.ts';
import { failedWords, LabCommand } from './lab.ts';

const test = testsOf('hardship');
const lab = await LabCommand.inFreshFolder();
const runtime = await mkdtemp(join(tmpdir(), 'lab-run-'));
const inNamespaces = mayMount ? test : test.skip;

test.after(async () => {
  await lab.run('down', 'dr');
  await removeTree(runtime);
});

/** A command within namespaces of its own, prepared by a shell line. */
function within(line: string) {
  const shell = ['sh', '-euc', `${line}; exec "$@"`, 'sh'];
  // In a namespace of users a user is root, and root's runtime folder is not theirs.
  return { env: { XDG_RUNTIME_DIR: runtime }, through: ['unshare', ...unshareArguments, ...shell] };
}

inNamespaces(
  'a disk that is full when the state is written: exit code 4, nothing runs, and with room it works',
  async (t) => {
    for (const size of ['8k', '120k']) {
      const folder = await mkdtemp(join(tmpdir(), 'lab-full-'));
      const mount = `ip link set lo up; mount -t tmpfs -o size=${size} t '${folder}'; cd '${folder}'`;
      const roomy = await LabCommand.of(t, { folder, env: { XDG_RUNTIME_DIR: runtime } });
      const full = await LabCommand.in(folder, within(mount));
      const { code, stderr } = await full.run('up', 'dr');
      t.is(code, 4, `${size}: ${stderr}`);
      t.regex(stderr, /no room left/, size);
      t.notRegex(stderr, /\n {4}at /);
      t.is((await roomy.run('down', 'dr')).code, 0);
      t.deepEqual(await roomy.processes('dr'), []);
    }
  },
);

inNamespaces('no port is free on 127.0.0.1: exit code 5 and what to look at', async (t) => {
  const one = within('ip link set lo up; echo 40000 40001 > /proc/sys/net/ipv4/ip_local_port_range');
  const crowded = await LabCommand.of(t, one);
  const { code, stderr } = await crowded.run('up', 'dr');
  t.is(code, 5, stderr);
  t.regex(stderr, /no port of 127\.0\.0\.1 is free/);
  t.regex(stderr, /ip_local_port_range/);
  t.is((await crowded.run('down', 'dr')).code, 0);
  t.deepEqual(await crowded.processes('dr'), []);
});

test('a folder with blanks, quotes, commas, percents and letters of elsewhere, longer than a socket’s path may be', async (t) => {
  const strange = `it's a "long", 100 % étrange – 長い $HOME \\n ${'deep '.repeat(12)}path`;
  const folder = join(await mkdtemp(join(tmpdir(), 'lab-path-')), strange, strange);
  await mkdir(folder, { recursive: true });
  const far = await LabCommand.of(t, { folder });
  const { code, document, stderr } = await far.json('run', 'dr');
  t.is(code, 0, stderr);
  t.deepEqual(failedWords(document), []);
  t.is(await far.on('dr', 'rs1', 'hostname'), 'rs1');
  t.is((await far.run('reset', 'dr', 'rs2')).code, 0);
  t.is((await far.run('down', 'dr')).code, 0);
  t.deepEqual(await readdir(folder), []);
});

test('a clock that jumps by an hour, again and again: waits do not notice', async (t) => {
  const jump = join(await mkdtemp(join(tmpdir(), 'lab-jump-')), 'jump.mjs');
  await writeFile(
    jump,
    `const now = Date.now;
const start = performance.now();
Date.now = () => now() + Math.floor((performance.now() - start) / 250) % 2 * 3_600_000;
`,
  );
  const jumping = await LabCommand.of(t, { env: { NODE_OPTIONS: `--import=${jump}` } });
  const { code, document, stderr } = await jumping.json('run', 'dr');
  t.is(code, 0, stderr);
  t.deepEqual(failedWords(document), []);
  t.is((await jumping.run('down', 'dr')).code, 0);
});

test('state, sockets and locks are private whatever the umask', async (t) => {
  const cache = await mkdtemp(join(tmpdir(), 'lab-cache-'));
  const through = ['sh', '-c', 'umask 000; exec "$@"', 'sh'];
  const env = { XDG_RUNTIME_DIR: runtime };
  const careless = await LabCommand.of(t, { env, through });
  const newcomer = await LabCommand.of(t, { env: { ...env, XDG_CACHE_HOME: cache }, through });
  t.is((await newcomer.run('down', 'dr')).code, 0);
  t.is((await careless.run('up', 'dr')).code, 0);
  for (const folder of [runtime, cache, join(careless.folder, '.lab')]) {
    const files = await readdir(folder, { recursive: true });
    t.true(files.length > 0, folder);
    for (const file of files) t.is((await stat(join(folder, file))).mode & 0o077, 0, join(folder, file));
  }
  t.is((await careless.run('down', 'dr')).code, 0);
});

(mayBecomeNobody() ? test : test.skip)('started by root, machines run as nobody, without a capability', async (t) => {
  t.is((await lab.run('up', 'dr')).code, 0);
  const machines = (await lab.processes('dr')).filter(({ argv }) => argv.includes('-name'));
  t.is(machines.length, 4);
  for (const { pid } of machines) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    t.regex(status, new RegExp(`^Uid:\\s+${nobody}\\s+${nobody}\\s+${nobody}\\s+${nobody}$`, 'm'));
    t.regex(status, /^Cap(Eff|Prm):\s+0+$/m);
    t.regex(status, /^Seccomp:\s+2$/m);
  }
});

test('a connection that is cut in the middle of a step: exit code 7, node and step; up puts it right', async (t) => {
  t.is((await lab.run('up', 'dr')).code, 0);
  // The step waits for this lock, so that there is a middle.
  await lab.on('dr', 'rs1', 'setsid -f flock /run/lvs-lab-steps.lock sleep 1200 > /dev/null 2>&1 < /dev/null');
  const up = lab.run('up', 'dr');
  const cut = `for try in $(seq 6000); do pgrep -f "[r]un-steps.sh" > /dev/null && break; sleep 0.1; done; pkill -x -P "$(pgrep -o -x dropbear)" dropbear; pkill -x sleep`;
  await lab.run('ssh', 'dr', 'rs1', '--', `setsid -f sh -c '${cut}' > /dev/null 2>&1 < /dev/null`);
  const { code, stderr } = await up;
  t.is(code, 7, stderr);
  t.regex(stderr, /connection lost.*node rs1, step/);
  t.regex(stderr, /lab up/);
  t.deepEqual(failedWords((await lab.json('run', 'dr')).document), []);
});

test('a template: two make it at the same time, one dies at it, one is damaged', async (t) => {
  // One of a size that no other lab has.
  const memory = 400 + Math.floor(Math.random() * 100);
  const text = `mode: dr\nmemory: ${memory}\nnetworks: { front: 192.168.1.0/24 }\nservice: { vip: 192.168.1.3 }\n`;
  const name = `small-${memory}`;
  const labs = await Promise.all([0, 1].map(() => LabCommand.of(t, { lab: name })));
  for (const { folder } of labs) await writeFile(join(folder, `${name}.yaml`), text);
  const [one, other] = labs;
  if (!one || !other) throw new Error('no labs');
  const pattern = new RegExp(`^debian13-\\w+-${memory}-\\w+$`);
  const made = async () => (await readdir(templatesFolder())).filter((name) => pattern.test(name));
  try {
    let ended = false;
    const dying = one.run('up', `${name}.yaml`).finally(() => {
      ended = true;
    });
    dying.catch(() => {});
    const template = async () =>
      (await findProcesses('lvs-lab/template')).some(({ argv }) => argv.includes(`${memory}`));
    while (!ended && !(await template())) await pause(20);
    const makers = await findProcesses('bin/lab.js', ['node']);
    const maker = makers.find(({ argv }) => argv.includes(`${name}.yaml`));
    t.truthy(maker, 'it makes the template');
    process.kill(maker?.pid ?? 0, 'SIGKILL');
    await dying.catch(() => {});
    t.deepEqual(await made(), []);
    const both = await Promise.all(labs.map((each) => each.run('run', `${name}.yaml`)));
    for (const { code, stdout, stderr } of both) t.is(code, 0, stdout + stderr);
    // Which of them waits is chance, and the one that did not may wait for a template of a role later. But none is made twice.
    t.true(both.some(({ stderr }) => stderr.includes('waiting for the template machine')));
    t.is(both.filter(({ stderr }) => stderr.includes('booting the template machine')).length, 1);
    const [key = ''] = await made();
    t.is((await one.run('down', name)).code, 0);
    const file = await open(join(templatesFolder(), key, 'state'), 'r+');
    await file.write(Buffer.alloc(4096), 0, 4096, 8);
    await file.close();
    const damaged = await one.run('up', `${name}.yaml`);
    t.is(damaged.code, 5, damaged.stderr);
    t.regex(damaged.stderr, /the template machine debian13-\S+ was damaged, and has been removed/);
    t.deepEqual(failedWords((await one.json('run', `${name}.yaml`)).document), []);
  } finally {
    for (const each of labs) await each.run('down', name);
    for (const key of await made()) await removeTree(join(templatesFolder(), key));
  }
});

test('lab image check looks at what is stored, and what is damaged goes', async (t) => {
  await lab.run('image', 'check'); // of the cache of whoever runs this
  const { code, document } = await lab.json<{ ok: boolean; looked: { damaged: boolean }[] }>('image', 'check');
  t.is(code, 0);
  t.true(document.ok && document.looked.length > 0);
});

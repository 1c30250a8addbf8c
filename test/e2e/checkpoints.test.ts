import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { run } from '../../scripts/host/exec.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { cacheFolder, placeOf, projectRoot } from '../../scripts/host/paths.ts';
import { testsOf } from '../listed.ts';
import { scaled } from '../pace.ts';
import { rounds } from './checkpoint-rounds.ts';
import { command, failedChecks, failedWords, LabCommand } from './lab.ts';

const test = testsOf('checkpoints');

/** A command of a lab in this folder, whose checkpoints go at the end too. */
async function labOf(t: ExecutionContext, name: string, env: Record<string, string> = {}): Promise<LabCommand> {
  const lab = await LabCommand.of(t, { lab: name, env });
  t.teardown(async () => {
    const { id } = placeOf(name, lab.folder);
    const folder = join(env.XDG_CACHE_HOME ? join(env.XDG_CACHE_HOME, 'lvs-lab') : cacheFolder(), 'checkpoints');
    const mine = (await readdir(folder).catch(() => [])).filter((one) => one.startsWith(id));
    for (const one of mine) await removeTree(join(folder, one));
  });
  return lab;
}

async function well(t: ExecutionContext, lab: LabCommand, ...args: string[]): Promise<void> {
  const { code, stderr } = await lab.run(...args);
  t.is(code, 0, `lab ${args.join(' ')}: ${stderr}`);
}

/** Opens a connection to the echo of lab held, which a program on the client keeps open whatever becomes of this one. */
const hold = `rm -f /run/in /run/out; mkfifo /run/in
setsid -f sh -c 'exec 3<> /run/in; exec nc 192.168.1.3 7 < /run/in > /run/out' > /dev/null 2>&1 < /dev/null
for try in $(seq 600); do grep -q 'real server' /run/out && exit; sleep 0.1; done; exit 1`;

const say = (word: string) => `echo ${word} > /run/in
for try in $(seq 600); do grep -q '^${word}$' /run/out && exit; sleep 0.1; done; cat /run/out; exit 1`;

interface Connection {
  clientPort: number;
  state: string;
  expires: number;
}

async function connections(lab: LabCommand): Promise<Connection[]> {
  return (await lab.json<{ connections: Connection[] }>('connections', 'held')).document.connections;
}

/** Each node's clock, less this computer's, and some of its random bytes. */
async function clocksAndBytes(lab: LabCommand, name: string, nodes: readonly string[]) {
  return Promise.all(
    nodes.map(async (node) => {
      const before = Date.now() / 1000;
      const text = await lab.on(name, node, 'date +%s.%N; head -c 16 /dev/urandom | od -An -tx1');
      const [clock = '', bytes = ''] = text.trim().split('\n');
      const after = Date.now() / 1000;
      // How many seconds it is wrong at least.
      return { wrong: Math.max(0, before - Number(clock), Number(clock) - after), bytes };
    }),
  );
}

const heldNodes = ['client', 'director', 'rs1', 'rs2', 'rs3'];

/** Saves lab held with an open connection, and loads it twice. */
async function comesBack(t: ExecutionContext, lab: LabCommand, name: string): Promise<void> {
  await well(t, lab, 'up', name);
  await lab.on('held', 'client', hold);
  await well(t, lab, 'save', name);
  // The lab goes on after it was saved.
  await lab.on('held', 'client', say('saved'));
  const [before] = await connections(lab);
  t.is(before?.state, 'ESTABLISHED');
  await lab.on('held', 'rs1', 'touch /root/later');
  const random: string[] = [];
  for (const word of ['once', 'twice']) {
    await well(t, lab, 'load', 'held');
    t.is(await lab.on('held', 'rs1', 'ls /root/later 2> /dev/null || echo none'), 'none');
    const [after, ...others] = await connections(lab);
    t.is(after?.clientPort, before?.clientPort);
    t.is(after?.state, 'ESTABLISHED');
    t.deepEqual(others, []);
    // Its timer went on: it was not set anew, which traffic alone does.
    t.true((after?.expires ?? 0) < 900 && (after?.expires ?? 0) > 600, String(after?.expires));
    await lab.on('held', 'client', say(word));
    const seen = await clocksAndBytes(lab, 'held', heldNodes);
    for (const { wrong } of seen) t.true(wrong < scaled(1000) / 1000, String(wrong));
    random.push(...seen.map(({ bytes }) => bytes));
  }
  t.is(new Set(random).size, random.length, 'no machine has the random bytes of another, or of another load');
  const { document } = await lab.json('verify', 'held');
  t.deepEqual(failedWords(document), []);
}

test('a lab that was saved comes back with its connection, the right clock and fresh randomness; up keeps its machines', async (t) => {
  const lab = await labOf(t, 'held');
  await comesBack(t, lab, 'held');
  const machines = async () => (await lab.processes('held')).map(({ pid }) => pid).sort();
  const before = await machines();
  await lab.on('held', 'rs1', 'systemctl stop lvs-lab-echo-tcp.socket');
  await well(t, lab, 'run', 'held');
  t.deepEqual(await machines(), before);
  await well(t, lab, 'reset', 'held', 'rs1');
  t.deepEqual(failedWords((await lab.json('verify', 'held')).document), []);
  await well(t, lab, 'save', 'held', 'mixed'); // of a clone, and machines that were loaded
  await well(t, lab, 'load', 'held', 'mixed');
  t.deepEqual(failedWords((await lab.json('verify', 'held')).document), []);
  await well(t, lab, 'forget', 'held', 'mixed'); // what runs from it runs on
  t.is((await lab.run('forget', 'held', 'mixed')).code, 2);
  await well(t, lab, 'save', 'held', 'again'); // also of what runs from a checkpoint that is gone
  t.deepEqual(failedWords((await lab.json('verify', 'held')).document), []);
});

test('Debian 12: a lab comes back with its connection, the right clock and fresh randomness', async (t) => {
  const lab = await labOf(t, 'held');
  const text = await readFile(join(projectRoot, 'labs/held.yaml'), 'utf8');
  await writeFile(join(lab.folder, 'held.yaml'), `release: 12\n${text}`);
  await comesBack(t, lab, './held.yaml');
});

test('lab web comes back with its disks: what was written since is gone, and its drills pass', async (t) => {
  const lab = await labOf(t, 'web');
  const first = await lab.json('run', 'web');
  t.deepEqual(failedWords(first.document), [], first.stderr);
  await lab.on('web', 'nfs', 'echo before > /srv/site/mark; sync');
  await well(t, lab, 'save', 'web');
  await lab.on('web', 'nfs', 'echo later > /srv/site/mark; sync');
  const { document, stderr } = await lab.json<{ seconds: number }>('load', 'web');
  t.log(`lab run web ${first.document.seconds.total} s, lab load web ${document.seconds} s`);
  t.is(await lab.on('web', 'nfs', 'cat /srv/site/mark'), 'before', stderr);
  t.deepEqual(failedWords((await lab.json('verify', 'web')).document), []);
});

test('lab ha, with two directors and IPv6 beside it: the master stays master', async (t) => {
  const lab = await labOf(t, 'ha');
  await well(t, lab, 'up', 'ha');
  const nodes = placeOf('ha', lab.folder);
  const plan = JSON.parse(await readFile(join(nodes.folder, 'plan.json'), 'utf8')) as {
    nodes: { name: string; role: string }[];
  };
  const [master = ''] = plan.nodes.filter(({ role }) => role === 'director').map(({ name }) => name);
  const masters = () => lab.on('ha', master, 'ip -o address show | grep -c 192.168.1.3/ || true');
  const before = await masters();
  await well(t, lab, 'save', 'ha');
  await well(t, lab, 'load', 'ha');
  await pause(scaled(3000)); // a backup that missed its master would have the VIP by now
  t.is(await masters(), before);
  t.deepEqual(failedWords((await lab.json('verify', 'ha')).document), []);
  const six = await labOf(t, 'ipv6-dr');
  await well(t, six, 'up', 'ipv6-dr');
  await well(t, six, 'save', 'ipv6-dr');
  await well(t, six, 'load', 'ipv6-dr');
  t.deepEqual(failedWords((await six.json('verify', 'ipv6-dr')).document), []);
});

test('a file brings a lab to another user: own keys, own cache, no image; a lab that runs is replaced on purpose only', async (t) => {
  const teacher = await labOf(t, 'dr');
  await well(t, teacher, 'up', 'dr');
  await teacher.on('dr', 'rs1', 'sysctl -q -w net.ipv4.conf.all.arp_ignore=0');
  const file = join(teacher.folder, 'exercise.lvslab');
  await well(t, teacher, 'save', 'dr', 'exercise', '--to', file);
  t.is((await teacher.run('save', 'dr', '--to', file)).code, 2, 'a file that is there stays');
  t.log(`${Math.round((await stat(file)).size / 2 ** 20)} MiB`);
  const cache = await mkdtemp(join(tmpdir(), 'lab-student-'));
  t.teardown(() => removeTree(cache));
  const student = await labOf(t, 'dr', { XDG_CACHE_HOME: cache });
  await well(t, student, 'load', file);
  t.deepEqual((await readdir(join(cache, 'lvs-lab'))).includes('images'), false);
  const keys = await student.on('dr', 'rs1', 'cat /root/.ssh/authorized_keys /etc/dropbear/host_key.pub');
  for (const name of ['id_ed25519', 'guest_host_ed25519']) {
    const theirs = await readFile(join(cacheFolder(), 'keys', `${name}.pub`), 'utf8');
    const own = await readFile(join(cache, 'lvs-lab/keys', `${name}.pub`), 'utf8');
    t.false(keys.includes(theirs.split(' ')[1] ?? ''));
    t.true(keys.includes(own.split(' ')[1] ?? ''));
  }
  const { code, document } = await student.json('verify', 'dr');
  t.is(code, 1);
  t.true(failedChecks(document).includes('arp-quiet'), String(failedChecks(document)));
  const again = await student.run('load', file);
  t.is(again.code, 2);
  t.regex(again.stderr, /runs in this folder already/);
  await well(t, student, 'load', file, '--replace');
  await well(t, student, 'up', 'dr');
  t.deepEqual(failedWords((await student.json('verify', 'dr')).document), []);
  t.deepEqual(
    (await readdir(join(cache, 'lvs-lab'))).includes('images'),
    false,
    'nothing needs to start, so nothing is made',
  );
});

test('a damaged checkpoint is named, and the lab that runs is not touched', async (t) => {
  const lab = await labOf(t, 'dr');
  await well(t, lab, 'up', 'dr');
  const { document } = await lab.json<{ folder: string }>('save', 'dr');
  const state = join(document.folder, 'rs1.state');
  const date = join(lab.folder, 'date');
  await run('touch', ['--reference', state, date]);
  const file = await open(state, 'r+');
  await file.write(Buffer.alloc(4096), 0, 4096, 8);
  const touched = await lab.run('load', 'dr');
  t.is(touched.code, 5);
  t.regex(touched.stderr, /the checkpoint latest of lab dr was damaged: rs1\.state/);
  t.deepEqual(failedWords((await lab.json('verify', 'dr')).document), []);
  await file.close();
  await run('touch', ['--reference', date, state]); // now only its content tells
  const changed = await lab.run('load', 'dr');
  t.is(changed.code, 5);
  t.regex(changed.stderr, /the checkpoint latest of lab dr was damaged: rs1\.state/);
  t.is((await lab.processes('dr')).length, 0);
  t.deepEqual(failedWords((await lab.json('run', 'dr')).document), []);
});

test('a save that was killed leaves machines that stand still: the next command lets them go on', async (t) => {
  const lab = await labOf(t, 'dr');
  await well(t, lab, 'up', 'dr');
  const still = async () => {
    const { document } = await lab.json<{ labs: { nodes: { state: string }[] }[] }>('status', 'dr');
    return document.labs[0]?.nodes.filter(({ state }) => state === 'stopped').length ?? 0;
  };
  let found = 0;
  for (let after = 400; found === 0 && after < 30_000; after += 200) {
    const child = spawn(process.execPath, command('save', 'dr'), { cwd: lab.folder, stdio: 'ignore' });
    const ended = once(child, 'exit');
    await Promise.race([pause(after), ended]);
    child.kill('SIGKILL');
    await ended;
    found = await still();
    if (found > 0) t.log(`${found} machines stand still after ${after} ms`);
  }
  t.true(found > 0);
  t.deepEqual(failedWords((await lab.json('verify', 'dr')).document), []);
  const seen = await clocksAndBytes(lab, 'dr', ['client', 'director', 'rs1', 'rs2']);
  for (const { wrong } of seen) t.true(wrong < scaled(1000) / 1000, String(wrong));
});

test('Ctrl-C in the middle of a save: the command ends when the lab goes on, with right clocks, and nothing is kept', async (t) => {
  const lab = await labOf(t, 'dr');
  await well(t, lab, 'up', 'dr');
  const stopped = join(placeOf('dr', lab.folder).folder, 'stopped.json');
  const { child, ended } = lab.begin('save', 'dr');
  while (!existsSync(stopped)) {
    t.is(child.exitCode, null);
    await pause(5);
  }
  await pause(scaled(300)); // machines are being saved
  child.kill('SIGINT');
  t.deepEqual(await ended, [130, null]);
  t.false(existsSync(stopped));
  const { document } = await lab.json<{ labs: { nodes: { state: string }[] }[] }>('status', 'dr');
  t.deepEqual([...new Set(document.labs[0]?.nodes.map(({ state }) => state))], ['running']);
  const seen = await clocksAndBytes(lab, 'dr', ['client', 'director', 'rs1', 'rs2']);
  for (const { wrong } of seen) t.true(wrong < scaled(1000) / 1000, String(wrong));
  t.deepEqual((await lab.json<{ checkpoints: unknown[] }>('checkpoints', 'dr')).document.checkpoints, []);
  t.deepEqual(failedWords((await lab.json('verify', 'dr')).document), []);
});

/** Few here; `npm run test:checkpoints` has more. */
const count = 6;

test(`${count} rounds of saves and loads, some of which are killed: the lab is well after each, and nothing is left`, async (t) => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 32);
  t.log(`seed ${seed}`);
  t.log(`${await rounds(count, seed, (line) => t.log(line))} kills`);
  t.pass();
});

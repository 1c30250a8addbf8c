import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { readPcap } from '../../scripts/capture/pcap.ts';
import { ProviderError } from '../../scripts/errors.ts';
import { placeOf, projectRoot } from '../../scripts/host/paths.ts';
import { endProcesses } from '../../scripts/host/processes.ts';
import { waitFor } from '../../scripts/host/wait.ts';
import type { LineSettings } from '../../scripts/model/line.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import type { SeenFrame } from '../../scripts/providers/provider.ts';
import { qemuCapture } from '../../scripts/providers/qemu/capture.ts';
import { findLabProcesses } from '../../scripts/providers/qemu/lab-processes.ts';
import { mendLines, qemuLines } from '../../scripts/providers/qemu/lines.ts';
import { endAbandonedCapture, removeCaptured } from '../../scripts/providers/qemu/pdump.ts';
import { generator } from '../../scripts/random.ts';
import { testsOf } from '../listed.ts';
import { scaled } from '../pace.ts';
import { failedWords, LabCommand } from './lab.ts';
import { everybody, textOf, Wire } from './wire.ts';

const test = testsOf('networks');

async function wireOf(t: ExecutionContext, ...nodes: string[]): Promise<Wire> {
  const wire = await Wire.with(...nodes);
  t.teardown(() => wire.end());
  for (const from of nodes) for (const to of nodes) if (from !== to) await wire.send(from, to, 1, { waitMs: 50 });
  return wire;
}

const set = (wire: Wire, node: string, line: LineSettings) =>
  qemuLines.set(wire.place, { node, network: wire.network, line });

/** Starts a program of this folder that works on the wire until it is killed. Returns when it has begun. */
async function begin(file: string, { place }: Wire, ...words: string[]): Promise<ChildProcess> {
  const args = [
    '--import',
    'tsx',
    join(projectRoot, 'test/e2e', file),
    place.lab,
    join(place.folder, '../..'),
    ...words,
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], cwd: projectRoot });
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${file} ended with ${code}`)));
  ended.catch(() => {}); // it is killed at last
  await Promise.race([once(child.stdout, 'data'), ended]);
  return child;
}

/** How many of so many frames come from one to the other. */
const passed = async (wire: Wire, from: string, to: string, count: number, size = 100) =>
  (await wire.send(from, to, count, { size })).length;

async function isGood(t: ExecutionContext, wire: Wire): Promise<void> {
  t.deepEqual(await qemuLines.changed(wire.place), []);
  t.is((await findLabProcesses(wire.place)).lines.size, 0);
  for (const from of ['director', 'rs1', 'rs2']) {
    for (const to of ['director', 'rs1', 'rs2']) if (from !== to) t.is(await passed(wire, from, to, 20, 1400), 20);
  }
}

test('a line loses frames in one direction, has an MTU, is late, and is good again', async (t) => {
  const wire = await wireOf(t, 'director', 'rs1', 'rs2');
  await set(wire, 'rs1', { loss: { toNode: 30 } });
  t.deepEqual(await qemuLines.changed(wire.place), [{ node: 'rs1', network: 'front', line: { loss: { toNode: 30 } } }]);
  const arrived = await passed(wire, 'director', 'rs1', 400);
  t.true(arrived > 200 && arrived < 360, `${arrived} of 400`);
  t.is(await passed(wire, 'rs1', 'director', 400), 400);
  t.is(await passed(wire, 'director', 'rs2', 400), 400);

  await set(wire, 'rs1', { mtu: 1000 });
  for (const [size, count] of [
    [1000, 20],
    [1001, 0],
  ] as const) {
    t.is(await passed(wire, 'director', 'rs1', 20, size), count);
    t.is(await passed(wire, 'rs1', 'director', 20, size), count);
  }
  t.is(await passed(wire, 'rs2', 'director', 20, 1500), 20);

  await set(wire, 'rs1', { delayMs: { fromNode: 700 } });
  t.is(await passed(wire, 'director', 'rs1', 1), 1);
  const start = performance.now();
  wire.station('rs1').send(wire.station('director').mac, 'late');
  await waitFor(() => wire.station('director').take().includes('late') || undefined, {
    what: 'the frame',
    deadlineMs: scaled(60_000),
    everyMs: 5,
  });
  t.true(performance.now() - start >= 699);

  await set(wire, 'rs1', {});
  await isGood(t, wire);
});

test('a line doubles frames, loses them in bursts, damages them, and lets them overtake each other', async (t) => {
  const wire = await wireOf(t, 'director', 'rs1', 'rs2');
  await set(wire, 'rs1', { duplicate: { fromNode: 50 } });
  const doubled = await passed(wire, 'rs1', 'director', 100);
  t.true(doubled > 130 && doubled < 300, `${doubled} of 100`);
  t.is(await passed(wire, 'director', 'rs1', 100), 100);

  await set(wire, 'rs1', { loss: 30, burst: 20 });
  const texts = await wire.send('director', 'rs1', 1000);
  const numbers = texts.map((text) => Number(text.split(' ')[1]));
  const gaps = numbers.map((one, at) => one - (numbers[at - 1] ?? -1) - 1).filter((gap) => gap > 0);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  t.true(mean > 5, `runs of lost frames have ${mean} frames; each by itself would be 1.4`);

  await set(wire, 'rs1', { damage: 500 });
  const sound = (await wire.send('director', 'rs1', 200, { size: 1400 })).filter((text) => /^director \d+$/.test(text));
  const damaged = wire.station('rs1').damaged;
  t.true(damaged > 70, `${damaged} of 200 are damaged, ${sound.length} have a sound text`);

  await set(wire, 'rs1', { delayMs: 200, jitterMs: 150, reorder: true });
  const mixed = (await wire.send('director', 'rs1', 40, { waitMs: 500 })).map((text) => Number(text.split(' ')[1]));
  t.is(mixed.length, 40);
  t.notDeepEqual(
    mixed,
    [...mixed].sort((a, b) => a - b),
  );
  await set(wire, 'rs1', { loss: 0 });
  await isGood(t, wire);
});

test('a line is one of several, and each has its own settings', async (t) => {
  const wire = await wireOf(t, 'director', 'rs1', 'rs2');
  await set(wire, 'rs1', { loss: 100 });
  await set(wire, 'rs2', { mtu: 500 });
  t.is(await passed(wire, 'director', 'rs1', 20), 0);
  t.is(await passed(wire, 'director', 'rs2', 20), 20);
  t.is(await passed(wire, 'director', 'rs2', 20, 501), 0);
  await set(wire, 'rs1', {});
  t.is(await passed(wire, 'director', 'rs1', 20), 20);
  t.is(await passed(wire, 'rs1', 'rs2', 20, 501), 0);
  t.is(await passed(wire, 'rs1', 'rs2', 20, 500), 20);
  await mendLines(wire.place);
  await isGood(t, wire);
});

test('a line of which any part has ended is cut, says so, and can be mended or set again', async (t) => {
  const wire = await wireOf(t, 'director', 'rs1', 'rs2');
  for (const end of ['.out', '.in', '']) {
    await set(wire, 'rs1', { loss: { toNode: 1 } });
    const part = [...(await findLabProcesses(wire.place)).lines].find(([name]) => name.endsWith(end || '2'));
    process.kill(part?.[1].pid ?? 0, 'SIGKILL');
    await waitFor(async () => (await findLabProcesses(wire.place)).lines.size < 3 || undefined, {
      what: 'its end',
      deadlineMs: scaled(60_000),
    });
    t.deepEqual(await qemuLines.changed(wire.place), [{ node: 'rs1', network: 'front', line: { loss: 100 } }]);
    t.is(await passed(wire, 'director', 'rs1', 5), 0);
    if (end === '.in') await set(wire, 'rs1', { mtu: 1400 });
    else await mendLines(wire.place);
    t.is(await passed(wire, 'director', 'rs1', 20, 1400), 20);
  }
  await mendLines(wire.place);
  await isGood(t, wire);
});

test('a line of a machine that ended does not become the line of the next one', async (t) => {
  const wire = await wireOf(t, 'director', 'rs1', 'rs2');
  await set(wire, 'rs1', { loss: 100 });
  await set(wire, 'rs2', { loss: 100 });
  await wire.station('rs1').end();
  await mendLines(wire.place, 'rs1');
  t.deepEqual(
    (await qemuLines.changed(wire.place)).map(({ node }) => node),
    ['rs2'],
    'the other is still bad',
  );
  await wire.plug('rs1');
  t.is(await passed(wire, 'director', 'rs1', 20), 20);
  await mendLines(wire.place);
  await isGood(t, wire);
});

test('a line that does not exist cannot be changed', async (t) => {
  const wire = await wireOf(t, 'director', 'rs1');
  const refused = async (node: string, network: 'front' | 'back', message: RegExp) =>
    t.throwsAsync(qemuLines.set(wire.place, { node, network, line: { loss: 1 } }), {
      instanceOf: ProviderError,
      message,
    });
  await refused('rs7', 'front', /no line between rs7 and network front/);
  await refused('rs1', 'back', /network back of lab wire has no switch/);
  t.deepEqual(await qemuLines.changed(wire.place), []);
});

test('commands that were killed while they changed a line: it is mended each time', async (t) => {
  const wire = await wireOf(t, 'director', 'rs1', 'rs2');
  const random = generator(8);
  for (let round = 0; round < 12; round++) {
    const child = await begin('set-line-until-killed.ts', wire, 'rs1');
    await pause(random() * 700);
    child.kill('SIGKILL');
    await once(child, 'exit');
    if (round % 3 === 0) await set(wire, 'rs1', { mtu: 1200 });
    await mendLines(wire.place);
    await isGood(t, wire);
  }
});

const plan = { lab: 'wire', networks: [{ name: 'front', cidr: '192.168.1.0/24' }] } as Plan;

/** The texts of a captured file, in their order. */
const textsIn = (file: Uint8Array) => readPcap(file).records.map(({ bytes }) => textOf(bytes));

test('a capture has each frame once, whole, with the times of one clock, and leaves nothing behind', async (t) => {
  const wire = await wireOf(t, 'director', 'rs1', 'rs2');
  for (let round = 0; round < 3; round++) {
    await wire.send('rs2', 'rs1', 3);
    const capture = await qemuCapture.start(plan, wire.place);
    const before = Date.now() * 1000;
    await wire.send('director', 'rs1', 40, { size: 1500 });
    wire.station('rs1').send(everybody, 'to all');
    await wire.send('rs1', 'director', 40);
    const [front, ...others] = await capture.stop();
    t.deepEqual(others, []);
    t.deepEqual(front?.ends, []);
    const records = readPcap(front?.frames ?? new Uint8Array()).records;
    const numbered = (node: string) => Array.from({ length: 40 }, (_, at) => `${node} ${at}`);
    t.deepEqual(
      records.map(({ bytes }) => textOf(bytes)),
      [...numbered('director'), 'to all', ...numbered('rs1')],
    );
    t.is(records[0]?.bytes.length, 1514);
    for (const { time } of records) t.true(time >= before - 1000 && time <= Date.now() * 1000 + 1000);
    t.false(existsSync(join(wire.place.folder, 'capture')));
  }
});

test('a capture tells the ends of a bad line apart: what was sent, and what came through', async (t) => {
  const wire = await wireOf(t, 'director', 'rs1', 'rs2');
  await set(wire, 'rs1', { loss: { toNode: 40 }, duplicate: { fromNode: 40 } });
  const capture = await qemuCapture.start(plan, wire.place);
  const arrived = await wire.send('director', 'rs1', 100);
  const answered = await wire.send('rs1', 'director', 100);
  const [front] = await capture.stop();
  const [end, ...others] = front?.ends ?? [];
  t.deepEqual([end?.node, others], ['rs1', []]);
  const at = (file: Uint8Array | undefined, from: string) =>
    textsIn(file ?? new Uint8Array()).filter((text) => text.startsWith(from));
  t.is(at(front?.frames, 'director').length, 100);
  t.true(arrived.length < 100 && answered.length > 100);
  t.deepEqual(at(end?.frames, 'director'), arrived);
  t.is(at(end?.frames, 'rs1').length, 100);
  t.deepEqual(at(front?.frames, 'rs1'), answered);
});

test('a capture may be followed while others begin and end', async (t) => {
  const wire = await wireOf(t, 'director', 'rs1', 'rs2');
  const first = await qemuCapture.start(plan, wire.place);
  const followed: SeenFrame[] = [];
  const following = (async () => {
    for await (const frame of first.frames()) followed.push(frame);
  })();
  await wire.send('director', 'rs1', 20);
  await waitFor(() => followed.length >= 20 || undefined, { what: 'frames', deadlineMs: scaled(60_000) });
  const second = await qemuCapture.start(plan, wire.place);
  await wire.send('director', 'rs2', 20);
  const [front] = await second.stop();
  t.deepEqual(
    textsIn(front?.frames ?? new Uint8Array()),
    Array.from({ length: 20 }, (_, at) => `director ${at}`),
    'only what came after its start',
  );
  await wire.send('rs1', 'director', 20);
  const [whole] = await first.stop();
  await following;
  t.is(followed.length, 60);
  t.deepEqual(
    followed.map(({ bytes }) => textOf(bytes)),
    textsIn(whole?.frames ?? new Uint8Array()),
  );
  t.deepEqual(
    followed.map(({ time }) => time),
    followed.map(({ time }) => time).sort((a, b) => a - b),
  );
  t.false(existsSync(join(wire.place.folder, 'capture')));
});

test('a capture whose command was killed: the next one works, and none is left', async (t) => {
  const wire = await wireOf(t, 'director', 'rs1');
  for (let round = 0; round < 2; round++) {
    const child = await begin('capture-until-killed.ts', wire);
    await wire.send('director', 'rs1', 5);
    child.kill('SIGKILL');
    await once(child, 'exit');
    t.true(existsSync(join(wire.place.folder, 'capture')));
    if (round === 0) {
      const capture = await qemuCapture.start(plan, wire.place);
      await wire.send('director', 'rs1', 10);
      const [front] = await capture.stop();
      t.is(textsIn(front?.frames ?? new Uint8Array()).length, 10);
    } else await endAbandonedCapture(wire.place);
    t.false(existsSync(join(wire.place.folder, 'capture')));
  }
});

test('a capture ends with its lab', async (t) => {
  const wire = await wireOf(t, 'director', 'rs1');
  const capture = await qemuCapture.start(plan, wire.place);
  const texts: string[] = [];
  const following = (async () => {
    for await (const { bytes } of capture.frames()) texts.push(textOf(bytes));
  })();
  await wire.send('director', 'rs1', 10);
  await waitFor(() => texts.length === 10 || undefined, { what: 'frames', deadlineMs: scaled(60_000) });
  await endProcesses((await findLabProcesses(wire.place)).all);
  await removeCaptured(wire.place);
  await following;
  await t.throwsAsync(capture.stop(), { instanceOf: ProviderError, message: /front is not captured any more/ });
});

test('a capture of a network without a switch is refused', async (t) => {
  const wire = await wireOf(t, 'director');
  await t.throwsAsync(qemuCapture.start(plan, wire.place, ['back']), {
    instanceOf: ProviderError,
    message: /network back of lab wire cannot be captured/,
  });
  t.false(existsSync(join(wire.place.folder, 'capture')));
});

test('lab dr: a line is bad, and no guest sees it but by its frames; it is good after up, and after reset', async (t) => {
  const lab = await LabCommand.of(t);
  t.is((await lab.run('up', 'dr')).code, 0);
  const place = placeOf('dr', lab.folder);
  const change = (line: LineSettings) => qemuLines.set(place, { node: 'rs1', network: 'front', line });
  const rip = '192.168.1.4';
  const ping = async (count: number, ...options: string[]) => {
    const command = ['ping', '-q', '-c', String(count), '-i', '0.05', '-W', '2', '-M', 'do', ...options, rip];
    const { stdout } = await lab.run('ssh', 'dr', 'director', '--', command.join(' '));
    const [, received = '0'] = /(\d+) received/.exec(stdout) ?? [];
    const [, least = '0'] = /= ([\d.]+)\//.exec(stdout) ?? [];
    return { received: Number(received), leastMs: Number(least) };
  };
  const look = () =>
    lab.on(
      'dr',
      'rs1',
      'ip -d link show eth0; ip address show eth0; tc qdisc show; cat /proc/sys/net/ipv4/conf/eth0/*',
    );
  const before = await look();

  await change({ loss: { toNode: 30 } });
  const { received } = await ping(200);
  t.true(received > 100 && received < 180, `${received} of 200`);
  t.is(await look(), before);

  await change({ mtu: 1000 });
  t.is((await ping(5, '-s', '972')).received, 5);
  t.is((await ping(5, '-s', '973')).received, 0);

  await change({ delayMs: 100 });
  t.true((await ping(5)).leastMs >= 199);

  await change({});
  t.deepEqual(failedWords((await lab.json('verify', 'dr')).document), []);

  await change({ loss: 100 });
  t.is((await lab.run('reset', 'dr', 'rs1')).code, 0);
  t.deepEqual(await qemuLines.changed(place), []);
  t.deepEqual(failedWords((await lab.json('verify', 'dr')).document), []);

  await change({ loss: 1 });
  for (const [name, { pid }] of (await findLabProcesses(place)).lines)
    if (name.endsWith('.in')) process.kill(pid, 'SIGKILL');
  t.is((await ping(3)).received, 0);
  t.deepEqual(failedWords((await lab.json('run', 'dr')).document), []);
  t.is((await ping(20)).received, 20);
});

import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { machinesOf } from '../../scripts/actions/opened-lab.ts';
import { InterruptedError, ProviderError } from '../../scripts/errors.ts';
import { makePrivateFolder, removeTree } from '../../scripts/host/files.ts';
import { interruptible, interruptWaits } from '../../scripts/host/interrupt.ts';
import { allOrNone } from '../../scripts/host/parallel.ts';
import type { Place } from '../../scripts/host/paths.ts';
import { lockLab } from '../../scripts/host/run-state.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import { makePlan } from '../../scripts/plan/make-plan.ts';
import { goOn, isStopped, openMonitor, thenGoOn } from '../../scripts/providers/qemu/go-on.ts';
import { findLabProcesses } from '../../scripts/providers/qemu/lab-processes.ts';
import { saveMachine } from '../../scripts/providers/qemu/save-machine.ts';
import type { LabEvent } from '../../scripts/report/events.ts';
import { StandInQemu } from './stand-in-qemu.ts';
import { blocks, pageSize, streamOf } from './stream-of.ts';

const folder = await mkdtemp(join(tmpdir(), 'lab-go-on-'));
process.env.XDG_CACHE_HOME = folder;
test.after.always(() => removeTree(folder));

let labs = 0;

/** A lab of stand-ins, with a folder for what is saved of it. */
async function labOf(t: ExecutionContext, ...nodes: string[]) {
  const id = String(++labs).padStart(10, 'a');
  const place: Place = { lab: 'dr', id, folder: join(folder, id, '.lab/dr'), runtime: join(folder, id) };
  const machines: StandInQemu[] = [];
  for (const node of nodes) machines.push(await StandInQemu.start(place, node));
  t.teardown(() => {
    for (const machine of machines) machine.end();
  });
  const events: LabEvent[] = [];
  const saved = await makePrivateFolder(join(folder, id, 'saved'));
  return { place, machines, events, emit: (event: LabEvent) => void events.push(event), saved };
}

type StandInLab = Awaited<ReturnType<typeof labOf>>;

/** As checkpoints.ts saves a lab, without images and disks. */
async function save({ place, emit, saved }: StandInLab): Promise<void> {
  const { machines } = await findLabProcesses(place);
  await interruptible((over) =>
    thenGoOn(place, emit, async () => {
      const opened = await Promise.all([...machines].map(([node, { pid }]) => openMonitor(place, node, pid)));
      for (const { monitor } of opened) await monitor.stop();
      const works = opened.map((one) => (end: AbortSignal) => {
        const files = { memory: join(saved, `${one.node}.memory`), state: join(saved, `${one.node}.state`) };
        return saveMachine(one, join(place.runtime, `${one.node}.saving`), 1, files, end);
      });
      try {
        await allOrNone(works, works.length, over);
      } finally {
        for (const { monitor } of opened) monitor.close();
      }
    }),
  );
}

const text = 'mode: dr\nnetworks: { front: 192.168.1.0/24 }\nservice: { vip: 192.168.1.3 }\n';
const plan = { ...makePlan(parseLab(text, { name: 'dr', file: 'dr.yaml' }).lab), provider: 'qemu' as const };

const whole = streamOf([[{ block: 'ram', number: blocks.ram - 1, fill: 7 }]]);

test.serial('a saved machine goes on, with its clock set, and nothing notes that it stood still', async (t) => {
  const lab = await labOf(t, 'rs1', 'rs2');
  for (const machine of lab.machines) machine.stream = whole;
  await save(lab);
  for (const { state, saving, asked } of lab.machines) {
    t.deepEqual([state, saving], ['running', 'completed']);
    t.true(asked.indexOf('guest-exec') > asked.indexOf('cont'));
  }
  t.false(await isStopped(lab.place));
  t.deepEqual(lab.events, []);
  const memory = await readFile(join(lab.saved, 'rs1.memory'));
  t.is(memory[(blocks.ram - 1) * pageSize], 7);
});

test.serial(
  'Ctrl-C in the middle of a save: what is sent is given up, then all machines go on, then the command ends',
  async (t) => {
    const lab = await labOf(t, 'rs1', 'rs2');
    const [done, endless] = lab.machines;
    if (!done || !endless) throw new Error('two machines');
    done.stream = whole;
    endless.stream = whole.subarray(0, 5000);
    endless.endless = true;
    const saving = save(lab);
    while (endless.saving !== 'active' || done.saving !== 'completed') await pause(5);
    t.true(await isStopped(lab.place));
    t.true(interruptWaits());
    await t.throwsAsync(saving, { instanceOf: InterruptedError });
    for (const { state } of lab.machines) t.is(state, 'running');
    t.false(await isStopped(lab.place));
    t.deepEqual(lab.events, []);
    const sockets = (await readdir(lab.place.runtime)).filter((name) => name.endsWith('.saving'));
    t.deepEqual(sockets, [], 'nobody listens any more');
  },
);

test.serial('of several errors the first one is thrown, when all work has ended and the machines go on', async (t) => {
  const lab = await labOf(t, 'rs1', 'rs2');
  const [broken, endless] = lab.machines;
  if (!broken || !endless) throw new Error('two machines');
  broken.stream = Buffer.alloc(20_000, 65);
  endless.stream = whole.subarray(0, 5000);
  endless.endless = true;
  await t.throwsAsync(save(lab), { instanceOf: ProviderError, message: /does not know: its first bytes/ });
  for (const { state } of lab.machines) t.is(state, 'running');
});

test.serial('a machine whose agent refuses goes on as well: its clock is a warning', async (t) => {
  const lab = await labOf(t, 'rs1', 'rs2');
  const [mute] = lab.machines;
  if (!mute) throw new Error('a machine');
  for (const machine of lab.machines) machine.state = 'paused';
  mute.agent = false;
  await goOn(lab.place, lab.emit);
  t.is(lab.machines[1]?.state, 'running');
  t.is(mute.state, 'running');
  t.is(lab.events.length, 1);
  t.regex(JSON.stringify(lab.events), /"warning".*rs1 goes on, but its clock may be wrong/);
});

test.serial(
  'a command that was killed while a machine was sent, or before clocks were set, is made up for by the next one',
  async (t) => {
    const lab = await labOf(t, 'rs1', 'rs2', 'rs3', 'rs4');
    const [sending, awake, stopped, broken] = lab.machines;
    if (!sending || !awake || !stopped || !broken) throw new Error('four machines');
    Object.assign(sending, { state: 'paused', saving: 'active' });
    stopped.state = 'paused';
    broken.state = 'internal-error';
    await t.throwsAsync(
      thenGoOn(lab.place, lab.emit, async () => {
        t.true(await isStopped(lab.place));
        throw new ProviderError('as a kill would');
      }),
      { message: 'as a kill would' },
    );
    t.deepEqual([sending.state, sending.saving], ['running', 'cancelled']);
    t.true(awake.asked.includes('guest-exec'), 'its clock may be wrong');
    t.false(awake.asked.includes('cont'));
    t.false(stopped.asked.includes('migrate_cancel'));
    t.false(broken.asked.includes('cont'), 'it was not stopped for a save');
    awake.asked.length = 0;
    await goOn(lab.place, lab.emit);
    t.false(awake.asked.includes('guest-exec'), 'done once');
  },
);

test.serial('a command that comes during a save waits for the lab’s lock, and says so', async (t) => {
  const lab = await labOf(t, 'rs1');
  const [machine] = lab.machines;
  if (!machine) throw new Error('a machine');
  const lock = await lockLab(lab.place, 'lab save dr', lab.emit);
  let seen: ReturnType<typeof machinesOf> | undefined;
  await thenGoOn(lab.place, lab.emit, async () => {
    machine.state = 'paused';
    machine.asked.length = 0;
    seen = machinesOf({ plan, place: lab.place }, ['rs1'], lab.emit);
    while (lab.events.length === 0) await pause(5);
    t.deepEqual(machine.asked, [], 'a machine that is being saved cannot answer');
  });
  lock.release();
  t.is((await seen)?.[0]?.ssh.port, 41373);
  t.regex(JSON.stringify(lab.events), /"note".*waiting for another command on lab dr: lab save dr/);
});

test.serial('a command that holds the lab’s lock does not wait for itself', async (t) => {
  const lab = await labOf(t, 'rs1');
  Object.assign(lab.machines[0] ?? {}, { state: 'paused' });
  const lock = await lockLab(lab.place, 'lab break dr', lab.emit);
  const [seen] = await machinesOf({ plan, place: lab.place }, ['rs1'], lab.emit, { locked: true });
  lock.release();
  t.is(seen?.node, 'rs1');
  t.is(lab.machines[0]?.state, 'running');
});

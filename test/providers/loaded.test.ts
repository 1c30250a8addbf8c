import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { removeTree } from '../../scripts/host/files.ts';
import type { OwnProcess } from '../../scripts/host/processes.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import { makePlan } from '../../scripts/plan/make-plan.ts';
import { clonesFrom, loadedClones, writeLoaded } from '../../scripts/providers/qemu/loaded.ts';
import type { QemuProgram } from '../../scripts/providers/qemu/qemu-program.ts';
import { allAsLoaded } from '../../scripts/providers/qemu/running-machines.ts';

const folder = await mkdtemp(join(tmpdir(), 'lab-loaded-'));
test.after.always(() => removeTree(folder));

const text = 'mode: dr\nnetworks: { front: 192.168.1.0/24 }\nservice: { vip: 192.168.1.3 }\n';
const plan = makePlan(parseLab(text, { name: 'dr', file: 'dr.yaml' }).lab);
const place = { lab: 'dr', id: '0123456789', folder: join(folder, '.lab/dr'), runtime: join(folder, 'run') };
const qemu: QemuProgram = { path: '/usr/bin/qemu-system-x86_64', version: '7.2.22', vde: true, userOption: null };
const saved = {
  ...{ version: '7.2.22', accelerator: 'tcg', cpu: '', hardware: '' },
  machines: plan.nodes.map(({ name }) => ({ node: name, image: 'image' })),
};

test('a lab that was loaded needs no image and no template while all its machines run as they were brought back', async (t) => {
  t.deepEqual(await loadedClones(plan, place, qemu), []);
  await writeLoaded(place, { folder: '/cache/checkpoint', saved });
  const loaded = await loadedClones(plan, place, qemu);
  t.deepEqual(loaded, clonesFrom(plan, place, { folder: '/cache/checkpoint', saved }, qemu));
  const running = (change: (machines: Map<string, OwnProcess>) => void = () => {}) => {
    const machines = new Map(
      loaded.map(({ node, args }, at) => [node.name, { pid: at + 1, argv: [qemu.path, ...args] }]),
    );
    change(machines);
    const switches = new Map([['front', { pid: 99, argv: [] }]]);
    return { machines, switches, lines: new Map(), all: [...machines.values()] };
  };
  t.true(allAsLoaded(plan, loaded, running(), qemu));
  t.false(allAsLoaded(plan, [], running(), qemu), 'it was not loaded');
  const cloned = { pid: 1, argv: [qemu.path, '-name', 'a clone of the template'] };
  t.false(
    allAsLoaded(
      plan,
      loaded,
      running((machines) => machines.set('rs1', cloned)),
      qemu,
    ),
  );
  t.false(
    allAsLoaded(
      plan,
      loaded,
      running((machines) => machines.delete('rs1')),
      qemu,
    ),
  );
  t.false(allAsLoaded(plan, loaded, { ...running(), switches: new Map() }, qemu), 'its switch is gone');
});

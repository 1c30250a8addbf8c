import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { judge } from '../../scripts/checks/judge.ts';
import { nics, parseNics } from '../../scripts/checks/looks/nics.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';
import { renderer } from '../../scripts/render/render.ts';
import { planOf } from '../render/golden.ts';
import { healthy } from './healthy.ts';
import { hintText } from './hint-text.ts';
import { silence } from './silence.ts';

test('the look reads NICs and devices with a MAC, and neither lo nor tunnels', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'lab-net-'));
  const put = async (name: string, mac: string, mtu: number, type: number, isDevice = false) => {
    await mkdir(join(folder, name, isDevice ? 'device' : '.'), { recursive: true });
    await writeFile(join(folder, name, 'address'), `${mac}\n`);
    await writeFile(join(folder, name, 'mtu'), `${mtu}\n`);
    await writeFile(join(folder, name, 'type'), `${type}\n`);
  };
  await put('eth0', '52:54:00:01:0d:01', 1500, 1, true);
  await put('eth1', '52:54:00:02:0d:01', 1400, 1, true);
  await put('br0', '52:54:00:02:0d:07', 1500, 1);
  await put('lo', '00:00:00:00:00:00', 65536, 772);
  await put('tunl0', '0.0.0.0', 1480, 768);
  const render = renderer(await loadTemplates(projectRoot));
  const script = render({ template: 'checks/looks/nics', context: {} }).replaceAll('/sys/class/net', folder);
  t.deepEqual(parseNics(execFileSync('/bin/sh', ['-uc', script], { encoding: 'utf8' })), [
    { name: 'br0', mac: '52:54:00:02:0d:07', mtu: 1500, isCard: false },
    { name: 'eth0', mac: '52:54:00:01:0d:01', mtu: 1500, isCard: true },
    { name: 'eth1', mac: '52:54:00:02:0d:01', mtu: 1400, isCard: true },
  ]);
});

test('a small MTU is named with its NIC, and with the command that repairs it', async (t) => {
  const plan = await planOf('nat');
  const seen = healthy(plan);
  Object.assign(seen.of(nics, 'director')[1] ?? {}, { mtu: 1400 });
  const mtuIn = () => judge(plan, seen).find(({ id }) => id === 'mtu');
  t.like(mtuIn(), { ok: true, warning: 'director: eth1 1400, planned 1500; requests and answers get through' });
  silence(seen, 'rs1');
  const failed = mtuIn();
  t.like(failed, { ok: false, observed: 'director: eth1 1400' });
  t.is(
    hintText(failed?.hint, 'nat'),
    'eth1 of director cannot send a packet over 1400 bytes unfragmented; npx lab ssh nat director -- ip link set eth1 mtu 1500; large',
  );
});

test('the NIC that leads to the computer, which is not the lab’s, may have any MTU', async (t) => {
  const plan = await planOf('dr');
  const seen = healthy(plan);
  seen.of(nics, 'rs1').push({ name: 'eth9', mac: '52:55:00:00:00:01', mtu: 1400, isCard: true });
  t.true(judge(plan, seen).every(({ ok }) => ok));
});

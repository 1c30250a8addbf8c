import test from 'ava';
import { packetsOf } from '../../scripts/firewall/packets.ts';
import { planOf } from '../render/golden.ts';

const [client, own, vip] = ['192.168.1.100', '192.168.1.2', '192.168.1.3'];

/** Source and destination of the packets of one kind that a node sees at a hook, each once. */
async function seen(lab: string, node: string, kind: string, hook: string): Promise<string[]> {
  const found = packetsOf(await planOf(lab)).filter((one) => one.node === node && one.kind === kind);
  const there = found.filter(({ hooks }) => hooks.some((one) => one === hook));
  return [...new Set(there.map(({ source, destination }) => `${source} > ${destination}`))].sort();
}

test('with SNAT the director is the client of real servers, and clients see nothing of it', async (t) => {
  const at = (node: string, kind: string, hook: string) => seen('nat-one-arm', node, kind, hook);
  t.deepEqual(await at('rs1', 'request', 'input'), [`${own} > 192.168.1.4`]);
  t.deepEqual(await at('rs1', 'answer', 'output'), [`192.168.1.4 > ${own}`]);
  t.deepEqual(await at('director', 'request', 'input'), [`${client} > ${vip}`]);
  const servers = ['192.168.1.4', '192.168.1.5'];
  t.deepEqual(
    await at('director', 'request', 'postrouting'),
    servers.map((rip) => `${client} > ${rip}`),
  );
  t.deepEqual(
    await at('director', 'request', 'egress'),
    servers.map((rip) => `${own} > ${rip}`),
  );
  t.deepEqual(
    await at('director', 'answer', 'prerouting'),
    servers.map((rip) => `${rip} > ${own}`),
  );
  t.deepEqual(await at('client', 'answer', 'input'), [`${vip} > ${client}`]);
});

test('with routes in one network real servers see the client', async (t) => {
  t.deepEqual(await seen('one-arm', 'rs1', 'request', 'input'), [`${client} > 192.168.1.4`]);
  t.deepEqual(await seen('one-arm', 'director', 'answer', 'prerouting'), [
    `192.168.1.4 > ${client}`,
    `192.168.1.5 > ${client}`,
  ]);
});

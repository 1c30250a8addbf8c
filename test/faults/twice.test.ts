import { execFileSync } from 'node:child_process';
import test from 'ava';
import { commandsOf } from '../../scripts/faults/fault.ts';
import { faults } from '../../scripts/faults/index.ts';
import { mayMount, unshareArguments } from '../namespaces.ts';
import { planOf } from '../render/golden.ts';
import { ensureTools } from '../tools.ts';

if (mayMount) await ensureTools({ ip: 'iproute2' });

/** Makes a fault of rs1 twice in a network of its own, whose NIC is called lab0, and returns what a command says then. */
async function madeTwice(lab: string, id: string, before: string[], look: string): Promise<string> {
  const plan = await planOf(lab);
  const [place] = faults.find((one) => one.id === id)?.places(plan) ?? [];
  const make = commandsOf(place?.make)
    .map(({ run }) => run)
    .join('\n');
  const text = [
    'set -e',
    'ip link set lo up',
    'ip link add lab0 type veth peer name other',
    'ip link set lab0 up',
    ...before,
    make,
    make,
    look,
  ].join('\n');
  return execFileSync('unshare', [...unshareArguments, 'sh', '-c', text], { encoding: 'utf8' });
}

const here = mayMount ? test : test.skip;

here('the VIP is missing, made twice', async (t) => {
  const before = ['ip address add 192.168.1.3/32 dev lo', 'ip address add 192.168.1.4/24 dev lab0'];
  const seen = await madeTwice('dr', 'vip-missing', before, 'ip -brief address show dev lo');
  t.regex(seen, /127\.0\.0\.1/);
  t.notRegex(seen, /192\.168\.1\.3/);
});

here('the VIP is on the NIC, made twice, with IPv4 and IPv6', async (t) => {
  const four = ['ip address add 192.168.1.4/24 dev lab0'];
  t.regex(await madeTwice('dr', 'vip-on-nic', four, 'ip -brief address show dev lab0'), /192\.168\.1\.3\/32/);
  const six = ['ip address add fd00:1::4/64 dev lab0 nodad'];
  t.regex(await madeTwice('ipv6-dr', 'vip-on-nic', six, 'ip -brief address show dev lab0'), /fd00:1::3\/128/);
});

here('the VIP has the prefix of the whole network, made twice', async (t) => {
  const before = ['ip address add 192.168.1.3/32 dev lo', 'ip address add 192.168.1.4/24 dev lab0'];
  const seen = await madeTwice('dr', 'vip-wide-prefix', before, 'ip route get 192.168.1.100');
  t.regex(seen, /^local 192\.168\.1\.100 dev lo/, 'the client is taken for the machine itself');
});

here('the gateway is missing, made twice, and another default route stays', async (t) => {
  const gateway = '172.16.10.12';
  const before = [
    'ip address add 172.16.10.100/16 dev lab0',
    `ip route add default via ${gateway} dev lab0`,
    'ip route add default via 172.16.0.9 dev lab0 metric 1000',
  ];
  const seen = await madeTwice('nat', 'gateway-missing', before, 'ip route');
  t.notRegex(seen, new RegExp(`via ${gateway}`));
  t.regex(seen, /default via 172\.16\.0\.9/);
});

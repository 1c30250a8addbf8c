import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { parse } from 'sh-syntax';
import { commandsOf, faultFamilies, type Place } from '../../scripts/faults/fault.ts';
import { faults } from '../../scripts/faults/index.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import { chosenFaults } from '../e2e/chosen-faults.ts';
import { allLabs, planOf } from '../render/golden.ts';
import { faultTable } from './table.ts';

// Before the first test: ava wants all of them declared at once.
const plans = new Map(await Promise.all((await allLabs()).map(async (lab) => [lab, await planOf(lab)] as const)));

function plan(lab: string): Plan {
  const found = plans.get(lab);
  if (!found) throw new Error(`no lab ${lab}`);
  return found;
}

function placesOf(lab: string, id: string): Place[] {
  const fault = faults.find((one) => one.id === id);
  if (!fault) throw new Error(`no fault ${id}`);
  return fault.places(plan(lab));
}

function placeOf(lab: string, id: string, name: string): Place {
  const found = placesOf(lab, id).find((one) => one.name === name);
  if (!found) throw new Error(`no place ${name} for ${id} in ${lab}`);
  return found;
}

/** The commands that make a fault, as a text. */
function madeBy(lab: string, id: string, name: string): string {
  return placeOf(lab, id, name)
    .make.map((act) => commandsOf([act])[0] ?? { on: '', run: '' })
    .map(({ on, run }) => `${on}: ${run}`)
    .join('\n');
}

test('every fault has a unique id in kebab case, which is the name of its file, and is in the list', async (t) => {
  const folder = join(projectRoot, 'scripts/faults');
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })),
  );
  const own = files.filter(({ text }) => /^export const \w+: Fault = /m.test(text));
  t.deepEqual(own.map(({ name }) => name).sort(), faults.map(({ id }) => `${id}.ts`).sort());
  for (const { id } of faults) t.regex(id, /^[a-z]+(-[a-z]+)*$/);
});

test('every fault has a family of the list', (t) => {
  for (const { id, family } of faults) t.true(faultFamilies.includes(family), id);
});

test('the table of faults, labs, places, checks and symptoms is as in the golden file', async (t) => {
  const golden = await readFile(join(projectRoot, 'test/golden/faults.txt'), 'utf8');
  t.is(await faultTable(), golden, 'npm run golden writes it anew');
});

for (const [lab, plan] of plans) {
  test(`lab ${lab}: each place of a fault has a unique name, nodes of the lab, and commands in POSIX sh`, async (t) => {
    const nodes = plan.nodes.map(({ name }) => name);
    const commands: string[] = [];
    for (const { id, places } of faults) {
      const all = places(plan);
      t.is(new Set(all.map(({ name }) => name)).size, all.length, id);
      for (const { make, mend, witness, nodes: where, check, also, race, symptom, harmless } of all) {
        t.true(make.length > 0, id);
        t.true(where.length > 0 && where.every((node) => nodes.includes(node)), `${id}: ${where}`);
        for (const { on, run } of [
          ...commandsOf(make),
          ...commandsOf(mend),
          witness,
          ...(witness.first ? [witness.first] : []),
        ]) {
          t.true(nodes.includes(on), `${id}: ${on}`);
          t.notRegex(run, /undefined|\[object|\beth\d/, id);
          commands.push(run);
        }
        if (!check) t.deepEqual([also, race], [undefined, undefined], id);
        if (harmless) t.deepEqual([check, symptom.kind], [undefined, 'none'], id);
        const made = commandsOf(make).map(({ run }) => run);
        t.false(made.includes(witness.run), `${id}: its witness is what makes it`);
      }
    }
    await t.notThrowsAsync(parse(commands.join('\n')));
  });
}

test('every fault that a check names is verified on real machines, in some lab', async (t) => {
  const chosen = [...(await chosenFaults([...plans.keys()])).values()].flat();
  const named = faults.filter(({ places }) =>
    [...plans.values()].some((plan) => places(plan).some((one) => one.check)),
  );
  for (const { id, title } of named) {
    t.true(
      chosen.some((one) => one.title.startsWith(`${title} (`)),
      `test/e2e/chosen-faults.ts names no place of ${id}`,
    );
  }
});

test('IPv4 and IPv6: the same fault, by the commands of each', (t) => {
  t.is(madeBy('dr', 'vip-missing', 'rs1'), 'rs1: ip address flush dev lo to 192.168.1.3/32');
  t.is(madeBy('ipv6-dr', 'vip-missing', 'rs2'), 'rs2: ip address flush dev lo to fd00:1::3/128');
  t.is(madeBy('nat', 'forwarding-off', 'director'), 'director: sysctl -q -w net.ipv4.ip_forward=0');
  t.is(madeBy('ipv6-nat', 'forwarding-off', 'director'), 'director: sysctl -q -w net.ipv6.conf.all.forwarding=0');
  t.deepEqual(placesOf('ipv6-dr', 'arp-sysctls-missing'), []);
  t.deepEqual(placesOf('ipv6-tun', 'rp-filter-strict'), []);
});

test('a tunnel’s device, port and type come from the plan', (t) => {
  t.is(madeBy('tun-gre', 'tunnel-down', 'rs1'), 'rs1: ip link set gre0 down');
  t.is(madeBy('ipv6-tun', 'tunnel-down', 'rs1'), 'rs1: ip link set ip6tnl0 down');
  t.is(
    madeBy('tun-gue', 'gue-port-closed', 'rs1'),
    "rs1: if ip fou show | grep -q '^port 6080 gue'; then ip fou del port 6080; fi",
  );
  t.is(
    madeBy('tun-gue', 'tunnel-type-wrong', 'rs1'),
    'director: ipvsadm -e -t 192.168.1.3:80 -r 192.168.1.4:80 -i -w 1 --tun-type ipip',
  );
});

test('a change of the IPVS table leaves ports, thresholds, tunnels and options as planned', (t) => {
  t.is(
    madeBy('thresholds', 'weight-zero', 'rs1'),
    'director: ipvsadm -e -t 192.168.1.3:80 -r 192.168.1.4:80 -g -w 0 -x 4 -y 2',
  );
  t.is(
    madeBy('mixed-modes', 'weight-zero', 'rs3'),
    'director: ipvsadm -e -t 192.168.1.3:80 -r 172.16.0.3:8080 -m -w 0',
  );
  t.is(
    madeBy('tun-gue', 'weight-zero', 'rs1'),
    'director: ipvsadm -e -t 192.168.1.3:80 -r 192.168.1.4:80 -i -w 0 --tun-type gue --tun-port 6080 --tun-nocsum',
  );
  t.is(madeBy('ops', 'one-packet-off', 'director'), 'director: ipvsadm -E -u 192.168.1.3:53 -s rr');
});

test('of several VIPs and services a fault hurts those that it concerns', (t) => {
  t.deepEqual(placeOf('services', 'vip-missing', 'rs2 192.168.1.9').symptom, {
    kind: 'fails',
    of: [{ service: 'UDP 192.168.1.9:53', servers: ['rs2'] }],
  });
  t.deepEqual(placeOf('services', 'daemon-down', 'rs2 Apache').symptom, {
    kind: 'fails',
    by: 'refused',
    of: [
      { service: 'TCP 192.168.1.3:80', servers: ['rs2'] },
      { service: 'TCP 192.168.1.3:443', servers: ['rs2'] },
    ],
  });
});

test('a real server is looked for by its own address, whatever its NIC is called', (t) => {
  const run = madeBy('dr', 'vip-on-nic', 'rs2');
  t.is(
    run,
    `rs2: nic=$(ip -oneline address show to 192.168.1.5 | cut -d " " -f 2) && ip address replace 192.168.1.3/32 dev "$nic"`,
  );
});

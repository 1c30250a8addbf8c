import test from 'ava';
import { faults } from '../../scripts/faults/index.ts';
import { tableOf } from '../../scripts/ipvs/rules.ts';
import { factsOf } from '../../scripts/state/section.ts';
import { tableFacts } from '../../scripts/state/sources/ipvs.ts';
import { differences, type StateEntry } from '../../scripts/state/state.ts';
import { fact } from '../diagnosis/evidence.ts';
import { planOf } from '../render/golden.ts';

/** The faults with a place on a node that a change of its state is a sign of. */
async function signsOf(lab: string, node: string, before: StateEntry[], after: StateEntry[]): Promise<string[]> {
  const plan = await planOf(lab);
  const change = { plan, node, before: factsOf(before), after: factsOf(after) };
  const all = { ...change, differences: differences(node, before, after) };
  return faults.flatMap(({ id, sign, places }) =>
    (sign?.(all) ?? []).length > 0 && places(plan).some(({ nodes }) => nodes.includes(node)) ? [id] : [],
  );
}

const dr = tableFacts((await planOf('dr')).services.map(tableOf), await planOf('dr'));
const edited = (pattern: RegExp, change: (value: string) => string) =>
  dr.map((one) => (pattern.test(one.key) ? { ...one, value: change(one.value) } : one));
const sysctl = (key: string, value: string | number) => fact('sysctl', `net.ipv4.conf.${key}`, String(value));
const quiet = [sysctl('all.arp_ignore', 1), sysctl('all.arp_announce', 2)];

for (const [what, lab, node, before, after] of [
  ['another scheduler that takes turns', 'dr', 'director', dr, edited(/:80$/, () => '-s wlc')],
  ['a threshold of ten thousand', 'dr', 'director', dr, edited(/ -r /, (value) => `${value} -x 10000`)],
  ['a threshold of one real server alone', 'dr', 'director', dr, edited(/ -r .*\.4:/, (value) => `${value} -x 1`)],
  [
    'longer time-outs',
    'dr',
    'director',
    [fact('ipvs', 'timeouts', '900 120 300')],
    [fact('ipvs', 'timeouts', '3600 120 300')],
  ],
  [
    'drop_packet by itself',
    'dr',
    'director',
    [fact('sysctl', 'net.ipv4.vs.drop_packet', '0')],
    [fact('sysctl', 'net.ipv4.vs.drop_packet', '1')],
  ],
  [
    'another rate that nobody uses',
    'dr',
    'director',
    [fact('sysctl', 'net.ipv4.vs.am_droprate', '10')],
    [fact('sysctl', 'net.ipv4.vs.am_droprate', '2')],
  ],
  [
    'a comment in the checks',
    'health',
    'director',
    [fact('file', '/etc/ha.d/ldirectord.cf', 'request="/"')],
    [fact('file', '/etc/ha.d/ldirectord.cf', 'request="/"\nquiescent=no')],
  ],
  [
    'another setting of WordPress',
    'web',
    'php',
    [fact('file', '/etc/wordpress/config-default.php', "define('DB_PASSWORD', 'lvs-lab');")],
    [fact('file', '/etc/wordpress/config-default.php', "define('DB_PASSWORD', 'lvs-lab');\ndefine('WP_DEBUG', true);")],
  ],
  [
    'everybody may read the page as before',
    'dr',
    'rs1',
    [fact('mode', '/var/www/html', '755 0:0')],
    [fact('mode', '/var/www/html', '775 0:0')],
  ],
  [
    'the page belongs to Apache',
    'dr',
    'rs1',
    [fact('mode', '/var/www/html/index.html', '644 0:0')],
    [fact('mode', '/var/www/html/index.html', '600 33:33')],
  ],
  [
    'one address is an error',
    'dr',
    'rs1',
    [],
    [fact('file', '/etc/apache2/conf-enabled/x.conf', 'RedirectMatch 500 ^/old')],
  ],
  ['many workers', 'dr', 'rs1', [], [fact('file', '/etc/apache2/conf-enabled/x.conf', 'MaxRequestWorkers 400')]],
  [
    'another page',
    'dr',
    'rs1',
    [fact('file', '/var/www/html/index.html', 'rs1')],
    [fact('file', '/var/www/html/index.html', 'rs1 again')],
  ],
  ['longer frames', 'dr', 'rs1', [fact('link', 'front mtu', '1500')], [fact('link', 'front mtu', '9000')]],
  [
    'the right MAC for ever',
    'dr',
    'client',
    [],
    [fact('neighbour', '192.168.1.3 dev front', 'lladdr 52:54:00:01:0d:01 permanent')],
  ],
  [
    'a neighbour that is not of the lab',
    'dr',
    'client',
    [],
    [fact('neighbour', '192.168.1.77 dev front', 'lladdr 02:00:00:00:00:77 permanent')],
  ],
  [
    'the default route with another metric',
    'nat',
    'rs1',
    [fact('route', 'default', 'via 172.16.10.12 dev back')],
    [fact('route', 'default metric 50', 'via 172.16.10.12 dev back')],
  ],
  [
    'the same gateway, said more exactly',
    'nat',
    'rs1',
    [fact('route', 'default', 'via GATEWAY dev back')],
    [fact('route', 'default', 'via GATEWAY dev back proto static onlink')],
  ],
  ['a blackhole for others', 'dr', 'rs1', [], [fact('route', '10.0.0.0/8', 'blackhole')]],
  [
    'a blackhole behind the route of the network',
    'dr',
    'rs1',
    [fact('route', '192.168.1.0/24', 'dev front')],
    [fact('route', '192.168.1.0/24', 'dev front'), fact('route', '192.168.0.0/16', 'blackhole')],
  ],
  ['a rule for others', 'dr', 'rs1', [], [fact('rule', 'priority 77 from all to 10.0.0.0/8 prohibit')]],
  ['a rule for marked packets', 'dr', 'rs1', [], [fact('rule', 'priority 77 from all fwmark 0x7 prohibit')]],
  [
    'its own address as source',
    'dr',
    'director',
    [],
    [fact('route', '192.168.1.4', 'dev front scope link src 192.168.1.2')],
  ],
  [
    'arp_ignore on the NIC instead',
    'dr',
    'rs1',
    quiet,
    [sysctl('all.arp_ignore', 0), sysctl('front.arp_ignore', 1), sysctl('all.arp_announce', 2)],
  ],
  ['arp_ignore 2', 'dr', 'rs1', quiet, [sysctl('all.arp_ignore', 2), sysctl('all.arp_announce', 2)]],
  ['the filter of devices to come', 'tun', 'rs1', [sysctl('default.rp_filter', 0)], [sysctl('default.rp_filter', 1)]],
  ['the filter of lo', 'tun-remote', 'router', [sysctl('lo.rp_filter', 0)], [sysctl('lo.rp_filter', 1)]],
  [
    'a strict filter below a loose one',
    'tun',
    'rs1',
    [sysctl('all.rp_filter', 2), sysctl('tunl0.rp_filter', 0)],
    [sysctl('all.rp_filter', 2), sysctl('tunl0.rp_filter', 1)],
  ],
  [
    'a loose filter without a way to the client',
    'tun',
    'rs1',
    [sysctl('tunl0.rp_filter', 0)],
    [sysctl('tunl0.rp_filter', 2)],
  ],
  [
    'the VIP on a dummy device that is down',
    'dr',
    'rs1',
    [...quiet, fact('address', 'lo 192.168.1.3/32', 'scope global')],
    [
      ...quiet,
      fact('link', 'vip0', 'dummy'),
      fact('link', 'vip0 up', 'no'),
      fact('address', 'vip0 192.168.1.3/32', 'scope global'),
    ],
  ],
  [
    'the VIP on a bridge',
    'dr',
    'rs1',
    [...quiet, fact('address', 'lo 192.168.1.3/32', 'scope global')],
    [
      ...quiet,
      fact('link', 'br0', 'bridge'),
      fact('link', 'br0 up', 'yes'),
      fact('address', 'br0 192.168.1.3/32', 'scope global'),
    ],
  ],
  [
    'no VIP, and REDIRECT instead',
    'dr',
    'rs1',
    [...quiet, fact('address', 'lo 192.168.1.3/32', 'scope global')],
    [
      ...quiet,
      fact('nft', 'chain ip own pre', 'type nat hook prerouting priority dstnat; policy accept;'),
      fact('nft', 'rule ip own pre: tcp dport 80 redirect', ''),
      fact('nft', 'rules ip own pre', 'tcp dport 80 redirect'),
    ],
  ],
  [
    'Apache without its unit',
    'dr',
    'rs1',
    [fact('process', 'apache2.service', 'runs'), fact('socket', 'tcp 0.0.0.0:80')],
    [fact('process', 'apache2', 'runs'), fact('socket', 'tcp 0.0.0.0:80')],
  ],
] as [string, string, string, StateEntry[], StateEntry[]][]) {
  test(`${what}: no sign of a fault`, async (t) => {
    const plan = await planOf(lab);
    const gateway =
      plan.nodes.find(({ name }) => name === 'director')?.nics.find(({ network }) => network === 'back')?.address ?? '';
    const right = (some: StateEntry[]) => some.map((one) => ({ ...one, value: one.value.replace('GATEWAY', gateway) }));
    t.deepEqual(await signsOf(lab, node, right(before), right(after)), []);
  });
}

test('the VIP of a director on lo is no harmless change while it answers no ARP for it', async (t) => {
  const states = (ignore: number): [StateEntry[], StateEntry[]] => [
    [sysctl('all.arp_ignore', ignore), fact('address', 'front 192.168.1.3/32', 'scope global')],
    [sysctl('all.arp_ignore', ignore), fact('address', 'lo 192.168.1.3/32', 'scope global')],
  ];
  t.deepEqual(await signsOf('dr', 'director', ...states(0)), ['director-vip-on-lo']);
  t.deepEqual(await signsOf('dr', 'director', ...states(1)), []);
});

test('a node has no gateway when its last default route is that to the kit, and one while another leads to the lab', async (t) => {
  const toKit = fact('route', 'default metric 1024', 'via 192.168.121.1 dev management proto dhcp');
  const toLab = fact('route', 'default', 'via 172.16.10.12 dev back');
  t.deepEqual(await signsOf('nat', 'rs1', [toLab, toKit], [toKit]), ['gateway-missing']);
  t.deepEqual(await signsOf('nat', 'rs1', [toLab, toKit], [toLab]), []);
});

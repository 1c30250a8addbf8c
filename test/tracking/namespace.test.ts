import { spawnSync } from 'node:child_process';
import test from 'ava';
import { projectRoot } from '../../scripts/host/paths.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';
import { renderer } from '../../scripts/render/render.ts';
import { capturesIn } from '../../scripts/tracking/guest-capture.ts';
import { mayMount, unshareArguments } from '../namespaces.ts';
import { ensureTools } from '../tools.ts';

const inNamespaces = mayMount ? test.serial : test.skip;
if (mayMount) await ensureTools({ ip: 'iproute2', tcpdump: 'tcpdump', ping: 'iputils-ping' });

const render = renderer(await loadTemplates(projectRoot));
const nics = [{ network: 'front', mac: '52:54:00:01:0d:01', address: '192.168.1.2' }];
const script = (name: string, id: string, more = {}) =>
  `(\n${render({ template: `tracking/${name}`, context: { node: 'director', nics, id, seconds: 60, blocks: 16_384, ...more } })}\n)\n`;

/** A NIC whose MAC is another one than the plan's, and a neighbour that takes whatever is sent to it. */
const setUp = `
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run
ip link set lo up
ip link add eth0 type veth peer name far
ip link set far up
ip link set eth0 up
ip address add 192.168.1.2/24 dev eth0
ip neighbour add 192.168.1.9 lladdr 02:00:00:00:00:09 dev eth0 nud permanent
`;

/** Its MAC. */
const neighbour = '\x02\x00\x00\x00\x00\x09';

function sh(text: string) {
  return spawnSync('unshare', [...unshareArguments, 'sh', '-s'], { input: setUp + text, encoding: 'utf8' });
}

const ping = 'ping -n -q -c 1 -W 1 192.168.1.9 > /dev/null\n';

inNamespaces('two commands capture at a time, at a NIC whose MAC was changed, and leave nothing', (t) => {
  const { stdout, stderr } = sh(
    `${script('capture-start', 'one')}${script('capture-start', 'two')}${ping}${script('capture-stop', 'one')}echo @@next\n${ping}${script('capture-stop', 'two')}ls /run/lvs-lab-path`,
  );
  const [first = '', second = ''] = stdout.split('@@next\n');
  const pings = (text: string) =>
    capturesIn('director', text).map(({ sent }) => Buffer.from(sent).toString('latin1').split(neighbour).length - 1);
  t.deepEqual([pings(first), pings(second)], [[1], [2]], stderr);
  t.is(second.split('@@captured\n')[1], '');
});

inNamespaces('a file does not grow over its limit', (t) => {
  const flood = 'ping -n -q -f -s 1400 -c 200 -W 1 192.168.1.9 > /dev/null\n';
  const { stdout } = sh(`${script('capture-start', 'one', { blocks: 64 })}${flood}${script('capture-stop', 'one')}`);
  const [captured] = capturesIn('director', stdout);
  t.true((captured?.sent.length ?? 0) > 20_000);
  t.true((captured?.sent.length ?? 0) <= 64 * 512);
});

inNamespaces('what a killed command has left is removed by the next one', (t) => {
  const { stdout } = sh(
    `mkdir -p /run/lvs-lab-path/old\necho 999999 > /run/lvs-lab-path/old/front.in.pid\n${script('capture-start', 'one')}ls /run/lvs-lab-path\n${script('capture-stop', 'one')}`,
  );
  t.regex(stdout, /^@@captures\none\n@@capture /);
});

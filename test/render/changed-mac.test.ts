import { execFileSync } from 'node:child_process';
import test from 'ava';
import { projectRoot } from '../../scripts/host/paths.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';
import { renderer } from '../../scripts/render/render.ts';
import { mayMount, unshareArguments } from '../namespaces.ts';
import { ensureTools } from '../tools.ts';
import { planOf } from './golden.ts';

if (mayMount) await ensureTools({ ip: 'iproute2' });

const here = mayMount ? test : test.skip;

here('the script of the network gives a NIC its planned MAC back: the NIC that has the address', async (t) => {
  const plan = await planOf('dr');
  const scripts = plan.phases.flatMap(({ scripts: some }) => some);
  const script = scripts.find(({ node, template }) => node === 'rs1' && template === 'real-server/network');
  if (!script) return t.fail();
  const before = [
    'ip link add lab0 address 52:54:00:aa:aa:aa type veth peer name other',
    'ip link set lab0 up',
    'ip address add 192.168.1.4/24 dev lab0',
  ].join('\n');
  const network = renderer(await loadTemplates(projectRoot))(script);
  const text = `set -e\n${before}\n${network}\nip -brief link show dev lab0`;
  const seen = execFileSync('unshare', [...unshareArguments, 'sh', '-c', text], { encoding: 'utf8' });
  t.true(seen.includes('52:54:00:01:05:01'), seen);
});

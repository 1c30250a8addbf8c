import { mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { run } from '../../scripts/host/exec.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { findParts } from '../../scripts/host/requirements.ts';
import { imagesFolder } from '../../scripts/providers/image/image.ts';
import { boxParts } from '../../scripts/providers/vagrant/box-parts.ts';
import { say } from '../../scripts/report/output.ts';
import { ensureTools } from '../tools.ts';

// npm run test:vagrant: the labs on real Vagrant machines, by a libvirtd in namespaces of its own. Arguments go to ava;
// behind `--` stands another command to be run in there, for a look around: npm run test:vagrant -- -- bash
if (userInfo().uid !== 0) {
  say('npm run test:vagrant starts a libvirtd of its own in namespaces, and must be root for that:');
  say('  sudo npm run test:vagrant');
  process.exit(4);
}
await ensureTools({
  vagrant: 'vagrant',
  virsh: 'libvirt-clients',
  libvirtd: 'libvirt-daemon-system',
  dnsmasq: 'dnsmasq-base',
  'qemu-img': 'qemu-utils',
  iptables: 'iptables',
  ip: 'iproute2',
  unshare: 'util-linux',
  '/usr/share/doc/libvirt-daemon-driver-qemu': 'libvirt-daemon-driver-qemu',
  '/usr/share/doc/vagrant-libvirt': 'vagrant-libvirt',
});

// In there no package mirror is reached: what boxes are made with, and the image that they are made of, come before.
const forBoxes = await findParts(boxParts);
await ensureTools(Object.fromEntries(forBoxes.map((one) => [one.part, one.package])));
await run(process.execPath, [join(projectRoot, 'bin/lab.js'), 'image', 'build'], { onLine: say });

const words = process.argv.slice(2);
const at = words.indexOf('--');
const ava = ['npx', 'ava', '--config', 'ava.vagrant.config.js'];
const command = at < 0 ? [...ava, ...words] : words.slice(at + 1);
const state = await mkdtemp(join(tmpdir(), 'lab-vagrant-'));
// A cache and a runtime folder of the tests' own, but for the images: a run that is killed leaves no lab that only the
// libvirtd in there could end.
await mkdir(join(state, 'cache/lvs-lab'), { recursive: true, mode: 0o700 });
await symlink(imagesFolder(), join(state, 'cache/lvs-lab/images'));
await mkdir(join(state, 'run'), { mode: 0o700 });
const namespaces = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
const inside = ['sh', join(projectRoot, 'test/vagrant/with-libvirtd.sh'), state, ...command];
const { code } = await run('unshare', [...namespaces, ...inside], {
  terminal: true,
  anyExitCode: true,
  env: {
    XDG_CACHE_HOME: join(state, 'cache'),
    XDG_RUNTIME_DIR: join(state, 'run'),
    // Boxes of the tests' own: nothing is added to what the user has.
    VAGRANT_HOME: join(state, 'vagrant.d'),
    VAGRANT_DEFAULT_PROVIDER: 'libvirt',
    LAB_OWN_LIBVIRTD: 'yes',
  },
});
await removeTree(state);
process.exitCode = code;

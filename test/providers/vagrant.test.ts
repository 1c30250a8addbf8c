import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { type RunResult, run } from '../../scripts/host/exec.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import {
  errorOf,
  parseLine,
  progressOf,
  sshSettingsOf,
  statesOf,
  type VagrantLine,
} from '../../scripts/providers/vagrant/machine-readable.ts';
import { translateError } from '../../scripts/providers/vagrant/translate-error.ts';

// Recorded from Vagrant 2.3.4 with vagrant-libvirt 0.11.2.
const recorded = String.raw`1795244339,client,metadata,provider,libvirt
1795244340,,ui,info,Bringing machine 'client' up with 'libvirt' provider...
1795244340,client,action,up,start
1795244341,client,ui,info,==> client:  -- Memory:            512M
1795244342,client,ui,info,==> client: Waiting for domain to get an IP address...
1795244384,client,ui,detail,    client: SSH address: 192.168.121.16:22
1795244385,client,ui,detail,    client: Warning: Connection reset. Retrying...
1795244385,client,ui,detail,    client: \n    client: Vagrant insecure key detected. Vagrant will automatically replace\n    client: this with a newly
1795244390,client,action,up,end
1795244392,client,state,running
1795244392,rs1,state,not_created
1795244392,client,state-human-long,The Libvirt domain is running. To stop this machine%!(VAGRANT_COMMA) you can run\n${'`vagrant halt`'}.
1795244394,client,ssh-config,Host client\n  HostName 192.168.121.16\n  User vagrant\n  Port 22\n  UserKnownHostsFile /dev/null\n  StrictHostKeyChecking no\n  PasswordAuthentication no\n  IdentityFile "/tmp/a b/machines/client/libvirt/private_key"\n  IdentitiesOnly yes\n  LogLevel FATAL\n
/usr/lib/ruby/vendor_ruby/rubygems/defaults/operating_system.rb:10: warning: constant ::Fixnum is deprecated
`;
const lines = recorded.split('\n').flatMap((line) => parseLine(line) ?? []);

test('machine-readable output: fields, commas and ends of lines; what Ruby says is passed over', (t) => {
  t.is(lines.length, 13);
  t.deepEqual(lines[0], { target: 'client', type: 'metadata', data: ['provider', 'libvirt'] });
  t.is(
    lines.find(({ type }) => type === 'state-human-long')?.data[0],
    'The Libvirt domain is running. To stop this machine, you can run\n`vagrant halt`.',
  );
});

test('states and SSH settings, a path with blanks among them', (t) => {
  t.deepEqual(
    [...statesOf(lines)],
    [
      ['client', 'running'],
      ['rs1', 'not_created'],
    ],
  );
  t.deepEqual(sshSettingsOf(lines), [
    {
      node: 'client',
      host: '192.168.121.16',
      port: 22,
      user: 'vagrant',
      identityFile: '/tmp/a b/machines/client/libvirt/private_key',
    },
  ]);
});

test('progress: what happens, not the settings nor each refused login', (t) => {
  t.deepEqual(
    lines.flatMap((line) => progressOf(line) ?? []),
    [
      "Bringing machine 'client' up with 'libvirt' provider...",
      'client: Waiting for domain to get an IP address...',
      'client: SSH address: 192.168.121.16:22',
    ],
  );
});

const errors: [title: string, said: string, exitCode: number, what: RegExp, tryThis: RegExp][] = [
  [
    'box missing',
    String.raw`1795244459,,error-exit,Vagrant::Errors::BoxAddShortNotFound,The box 'no/such' could not be found or\ncould not be accessed in the remote catalog. If this is a private\nbox on HashiCorp's Vagrant Cloud%!(VAGRANT_COMMA) please verify you're logged in via\n${'`vagrant login`'}.`,
    5,
    /box was not found/,
    /lab image box --add/,
  ],
  [
    'libvirt not running',
    String.raw`1795244472,,error-exit,VagrantPlugins::ProviderLibvirt::Errors::FogLibvirtConnectionError,Error while connecting to Libvirt: Error making a connection to libvirt URI qemu:///system:\nCall to virConnectOpen failed: Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory`,
    5,
    /libvirt does not answer/,
    /systemctl start libvirtd/,
  ],
  [
    'plug-in missing',
    String.raw`1795244465,,error-exit,Vagrant::Errors::ProviderNotFound,The provider 'libvirt' could not be found%!(VAGRANT_COMMA) but was requested to\nback the machine 'rs1'. Please use a provider that exists.\n\nVagrant knows about the following providers: virtualbox%!(VAGRANT_COMMA) docker%!(VAGRANT_COMMA) hyperv`,
    4,
    /lacks the plug-in/,
    /vagrant plugin install vagrant-libvirt/,
  ],
  [
    'VirtualBox missing',
    String.raw`1795244464,,error-exit,Vagrant::Errors::ProviderNotUsable,The provider 'virtualbox' that was requested to back the machine\n'rs1' is reporting that it isn't usable on this system. The\nreason is shown below:\n\nVagrant could not detect VirtualBox! Make sure VirtualBox is properly installed.`,
    4,
    /hypervisor cannot be used/,
    /VirtualBox/,
  ],
  [
    'VT-x off, VirtualBox',
    String.raw`1795244464,,error-exit,Vagrant::Errors::VBoxManageError,There was an error while executing ${'`VBoxManage`'}%!(VAGRANT_COMMA) a CLI used by Vagrant\nfor controlling VirtualBox.\n\nStderr: VBoxManage: error: VT-x is disabled in the BIOS for all CPU modes (VERR_VMX_MSR_ALL_VMX_DISABLED)`,
    5,
    /VT-x or AMD-V/,
    /firmware/,
  ],
  [
    'KVM does not work, libvirt',
    "/usr/lib/ruby/vendor_ruby/fog/libvirt/requests/compute/vm_action.rb:7:in 'create': Call to virDomainCreateWithFlags failed: internal error: process exited while connecting to monitor: qemu-system-x86_64: ../../target/i386/kvm/kvm.c:3183: kvm_buf_set_msrs: Assertion failed.",
    5,
    /do not start with KVM/,
    /LAB_ACCEL=tcg/,
  ],
  [
    'address outside VirtualBox’ host-only ranges',
    String.raw`1795244464,,error-exit,Vagrant::Errors::VirtualBoxInvalidHostSubnet,The IP address configured for the host-only network is not within the\nallowed ranges. Please update the address used to be within the allowed\nranges and run the command again.\n\n  Address: 192.168.1.2\n  Ranges: 192.168.56.0/21`,
    5,
    /host-only network/,
    /\/etc\/vbox\/networks\.conf/,
  ],
  [
    'a machine that does not boot in time',
    String.raw`1795244464,,error-exit,Vagrant::Errors::VMBootTimeout,Timed out while waiting for the machine to boot. This means that\nVagrant was unable to communicate with the guest machine within\nthe configured time period.`,
    7,
    /did not boot in time/,
    /lab down dr ends/,
  ],
  [
    'four machines at once: the first that failed is named',
    String.raw`1795244464,,error-exit,Vagrant::Errors::BatchMultiError,An error occurred while executing multiple actions in parallel.\nAny errors that occurred are shown below.\n\nAn error occurred while executing the action on the 'director'\nmachine. Please handle this error then try again:\n\nVolume for domain is already created. Please run 'vagrant destroy' first.\n\nAn error occurred while executing the action on the 'rs1'\nmachine. Please handle this error then try again:\n\nVolume for domain is already created. Please run 'vagrant destroy' first.`,
    5,
    /machine of that name already( \(node director\)|$)/,
    /lab down dr, then/,
  ],
  [
    'no memory, though it says kvm',
    '1795244464,,error-exit,VagrantPlugins::ProviderLibvirt::Errors::LibvirtError,ioctl(KVM_CREATE_VM) failed: 12 Cannot allocate memory',
    5,
    /not have enough memory/,
    /lab down --all/,
  ],
  [
    'no right to KVM',
    '1795244464,,error-exit,VagrantPlugins::ProviderLibvirt::Errors::LibvirtError,Could not access KVM kernel module: Permission denied',
    5,
    /may not open \/dev\/kvm/,
    /LAB_ACCEL=tcg/,
  ],
  [
    'anything else',
    '1795244464,,error-exit,Vagrant::Errors::SomethingNew,It went wrong.',
    5,
    /SomethingNew/,
    /lab doctor/,
  ],
];

for (const [title, said, exitCode, what, tryThis] of errors) {
  test(`an error is named, with its cause and what helps: ${title}`, (t) => {
    const parsed: VagrantLine[] = said.split('\n').flatMap((line) => parseLine(line) ?? []);
    const error = translateError(errorOf(parsed) ?? { name: '', text: said }, 'dr', { log: '/l' });
    t.is(error.exitCode, exitCode);
    t.regex(error.message, what);
    t.regex(error.facts.tryThis ?? '', tryThis);
    t.is(error.facts.log, '/l');
    t.truthy(error.facts.tail);
  });

  test(`the same from a vagrant on PATH: ${title}`, async (t) => {
    const { code, stderr } = await labWith(
      `cat <<'SAID'\n${said}\nSAID\nexit 1\n`,
      'up',
      'dr',
      '--provider',
      'vagrant',
    );
    t.is(code, exitCode, stderr);
    t.regex(stderr, what);
    t.regex(stderr, tryThis);
    t.notRegex(stderr, /This is a bug/);
  });
}

test('without vagrant: exit code 4, and how to get it', async (t) => {
  const { code, stderr } = await labWith(undefined, 'up', 'dr', '--provider', 'vagrant');
  t.is(code, 4);
  t.regex(stderr, /vagrant is not installed/);
  t.regex(stderr, /apt-get install .*vagrant vagrant-libvirt/);
});

test('LAB_PROVIDER chooses, --provider overrides it, and an unknown provider is refused', async (t) => {
  const withWish = (wish: string, ...args: string[]) => labIn({ LAB_PROVIDER: wish }, undefined, 'up', 'dr', ...args);
  t.regex((await withWish('vagrant')).stderr, /provider vagrant: set by LAB_PROVIDER/);
  t.regex((await withWish('vagrant', '--dry-run', '--provider', 'qemu')).stderr, /provider qemu: set by --provider/);
  const { code, stderr } = await withWish('vagrnt');
  t.is(code, 2);
  t.regex(stderr, /did you mean vagrant/);
});

test('without a choice and without QEMU: vagrant where it is found, and it says why', async (t) => {
  const { stderr } = await labWith('exit 1\n', 'up', 'dr', '--no-setup');
  t.regex(stderr, /provider vagrant: parts of qemu are missing and may not be installed; vagrant is installed/);
});

test('a lab network that Vagrant manages machines on is refused before anything starts', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'lab-fake-'));
  await writeFile(
    join(folder, 'clash.yaml'),
    'mode: dr\nprovider: vagrant\nnetworks: { front: 192.168.121.0/24 }\nservice: { vip: 192.168.121.3 }\n',
  );
  const called = join(folder, 'called');
  const { code, stderr } = await labWith(`echo called > ${called}\n`, 'up', join(folder, 'clash.yaml'));
  t.is(code, 2);
  t.false(existsSync(called));
  t.regex(stderr, /the front network 192\.168\.121\.0\/24 overlaps 192\.168\.121\.0\/24, on which vagrant manages/);
  t.regex(stderr, /lab run \S*clash\.yaml --provider qemu/);
});

function labWith(vagrant: string | undefined, ...args: string[]): Promise<RunResult> {
  return labIn({}, vagrant, ...args);
}

/** Runs lab with a PATH that has nothing but what this test put there, and ssh and flock, which every lab needs. */
async function labIn(env: Record<string, string>, vagrant: string | undefined, ...args: string[]): Promise<RunResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-fake-'));
  const bin = join(folder, 'bin');
  await mkdir(bin);
  for (const program of ['ssh', 'flock', 'ssh-keygen', 'ssh-keyscan']) {
    await writeFile(join(bin, program), `#!/bin/sh\nPATH=/usr/bin:/bin exec ${program} "$@"\n`);
    await chmod(join(bin, program), 0o755);
  }
  if (vagrant !== undefined) {
    await writeFile(join(bin, 'vagrant'), `#!/bin/sh\nPATH=/usr/bin:/bin\n${vagrant}`);
    await chmod(join(bin, 'vagrant'), 0o755);
  }
  try {
    return await run(process.execPath, [join(projectRoot, 'bin/lab.js'), ...args], {
      cwd: folder,
      env: {
        PATH: bin,
        CI: 'true',
        COLUMNS: '1000',
        LAB_ACCEL: 'tcg',
        LAB_PROVIDER: '',
        LAB_BOX: '',
        HOME: folder,
        XDG_CACHE_HOME: join(folder, 'cache'),
        XDG_RUNTIME_DIR: folder,
        ...env,
      },
      anyExitCode: true,
      timeoutMs: 300_000,
    });
  } finally {
    await removeTree(folder);
  }
}

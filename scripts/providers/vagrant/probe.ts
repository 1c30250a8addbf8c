import { MissingPartError } from '../../errors.ts';
import { run } from '../../host/exec.ts';
import { installCommand } from '../../host/requirements.ts';
import { which } from '../../host/which.ts';
import type { Finding } from '../provider.ts';
import { parseLine } from './machine-readable.ts';
import { libvirtUri } from './sweep.ts';

const howToGetVagrant = [
  `on Debian 12: ${installCommand(['vagrant', 'vagrant-libvirt', 'libvirt-daemon-system'])}`,
  'elsewhere from https://developer.hashicorp.com/vagrant/install, with VirtualBox, or with libvirt and `vagrant plugin install vagrant-libvirt`',
  'or --provider qemu',
].join('; ');

/** @throws MissingPartError that says how to install Vagrant */
export async function requireVagrant(): Promise<void> {
  if (await which('vagrant')) return;
  throw new MissingPartError('vagrant is not installed', {
    cause: 'Vagrant was chosen by --provider, LAB_PROVIDER, the lab file or --add',
    tryThis: howToGetVagrant,
  });
}

/**
 * The lines of `lab doctor` about Vagrant.
 * @param needed whether labs run on it here. Only then is a missing part an error
 */
export async function probeVagrant(needed: boolean): Promise<Finding[]> {
  if (!(await which('vagrant'))) {
    const found = `not installed${needed ? '' : '; only --provider vagrant needs it'}`;
    return [{ subject: 'Vagrant', ok: !needed, found, ...(needed && { mend: howToGetVagrant }) }];
  }
  const [version, plugins, virtualbox, libvirt] = await Promise.all([
    ask('vagrant', '--version'),
    plugIns(),
    virtualBox(),
    libvirtd(),
  ]);
  const withLibvirt = plugins.some((plugin) => plugin.startsWith('vagrant-libvirt'));
  const hypervisor =
    process.env.VAGRANT_DEFAULT_PROVIDER ?? (virtualbox ? 'virtualbox' : withLibvirt ? 'libvirt' : 'none');
  const findings: Finding[] = [
    {
      subject: 'Vagrant',
      ok: !needed || hypervisor !== 'none',
      found: `${version ?? 'does not start'}; plug-ins: ${plugins.join(', ') || 'none'}; machines by ${hypervisor}`,
      ...(hypervisor === 'none' && { mend: 'install VirtualBox, or: vagrant plugin install vagrant-libvirt' }),
    },
  ];
  if (virtualbox) findings.push({ subject: 'VirtualBox', ok: true, found: virtualbox });
  if (withLibvirt) {
    findings.push({
      subject: 'libvirt',
      ok: !needed || libvirt !== undefined || hypervisor !== 'libvirt',
      found: libvirt ?? `does not answer on ${libvirtUri()}`,
      ...(!libvirt && { mend: 'sudo systemctl start libvirtd; sudo adduser $USER libvirt' }),
    });
  }
  return findings;
}

async function plugIns(): Promise<string[]> {
  const lines = ((await ask('vagrant', 'plugin', 'list', '--machine-readable')) ?? '').split('\n').map(parseLine);
  return lines.flatMap((line) =>
    line?.type === 'plugin-version' ? `${line.target} ${(line.data[0] ?? '').split(',')[0]}` : [],
  );
}

async function virtualBox(): Promise<string | undefined> {
  return (await which('VBoxManage')) && ask('VBoxManage', '--version');
}

async function libvirtd(): Promise<string | undefined> {
  if (!(await which('virsh'))) return undefined;
  const text = await ask('virsh', '--quiet', '--connect', libvirtUri(), 'version');
  const version = /^Using library: libvirt (\S+)/m.exec(text ?? '')?.[1];
  return version && `${version} answers`;
}

/** The output of a program; undefined when it fails. */
async function ask(program: string, ...args: string[]): Promise<string | undefined> {
  try {
    return (await run(program, args, { timeoutMs: 60_000 })).stdout.trim();
  } catch {
    return undefined;
  }
}

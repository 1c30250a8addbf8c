import { ConnectionError, type Facts, type LabError, MissingPartError, ProviderError } from '../../errors.ts';

interface Translation {
  /** The message of Vagrant, a plug-in or a hypervisor, with its error class in front. */
  match: RegExp;
  what: string;
  cause: string;
  tryThis: string;
  missing?: true;
}

const libvirtPlugin = 'vagrant plugin install vagrant-libvirt, or on Debian: apt-get install vagrant-libvirt';

/** The first one that matches is used, so causes are listed before symptoms. */
const translations: Translation[] = [
  {
    match:
      /BoxAddShortNotFound|BoxNotFound|BoxAddNoMatchingProvider|BoxServerNotSet|could not be found or\s+could not be accessed/,
    what: 'the box was not found',
    cause: 'its name is wrong, it is not made for this hypervisor, or its catalogue cannot be reached',
    tryThis: 'lab image box --add makes and adds the kit’s own box for libvirt; LAB_BOX=NAME chooses another',
  },
  {
    match: /DownloaderError|Could not resolve host|error occurred while downloading the remote file/,
    what: 'the box could not be downloaded',
    cause: 'the Internet cannot be reached, or the box is no longer there',
    tryThis: 'lab image box --add makes and adds the kit’s own box for libvirt',
  },
  {
    match: /VERR_VMX_|VERR_SVM_|VT-x is (disabled|not available)|AMD-V is (disabled|not available)/,
    what: 'VirtualBox cannot use the processor’s virtualisation (VT-x or AMD-V)',
    cause: 'it is off in the firmware (BIOS), or another hypervisor such as KVM or Hyper-V uses it',
    tryThis: 'switch it on in the firmware; if KVM uses it: sudo modprobe -r kvm_intel kvm_amd',
  },
  {
    match: /VirtualBoxInvalidHostSubnet|not within the\s+allowed ranges|VERR_ACCESS_DENIED.*host-only/s,
    what: 'VirtualBox refuses the address of a host-only network',
    cause: 'it allows 192.168.56.0/21 only, unless /etc/vbox/networks.conf says otherwise',
    tryThis: 'echo "* 0.0.0.0/0 ::/0" | sudo tee /etc/vbox/networks.conf',
  },
  {
    match: /VirtualBoxKernelModuleNotLoaded|vboxdrv/,
    what: 'VirtualBox’s kernel module is not loaded',
    cause: 'it was not built for the running kernel, or secure boot refuses it',
    tryThis: 'sudo /sbin/vboxconfig, or on Debian: sudo apt-get install linux-headers-$(uname -r) virtualbox-dkms',
  },
  {
    match: /Cannot allocate memory|NS_ERROR_OUT_OF_MEMORY|VERR_NO_MEMORY/,
    what: 'this computer does not have enough memory for the machines',
    cause: 'each needs the memory that the lab file says, 512 MiB by default',
    tryThis: 'lab down --all ends other labs; or fewer real servers',
  },
  {
    match: /kvm kernel module: Permission denied|\/dev\/kvm.*Permission denied/i,
    what: 'libvirt may not open /dev/kvm',
    cause: 'its QEMU runs as a user without that permission',
    tryThis: 'ls -l /dev/kvm must show group kvm and 0660; with LAB_ACCEL=tcg before the command machines are emulated',
  },
  {
    match:
      /initialize kvm|kvm kernel module|kvm_buf|KVM_CREATE_VM|KVM is not available|virt type 'kvm'|type=kvm|domain type.*kvm/i,
    what: 'libvirt’s machines do not start with KVM on this computer',
    cause: 'VT-x or AMD-V is off in the firmware, or guests do not run on this (nested) KVM',
    tryThis: 'LAB_ACCEL=tcg before the same command, which emulates and is slower',
  },
  {
    match: /(connect|connection) to libvirt|virConnectOpen|libvirt-sock/i,
    what: 'libvirt does not answer',
    cause: 'its daemon does not run, or you have no permission to use it',
    tryThis: 'sudo systemctl start libvirtd; sudo adduser $USER libvirt, then log in again',
  },
  {
    match:
      /ProviderNotFound|NoDefaultProvider|UnknownProvider|requires? the plugin|PluginNotInstalled|Unknown configuration section 'libvirt'/,
    what: 'Vagrant lacks the plug-in of its hypervisor',
    cause: 'Vagrant has only the plug-in of VirtualBox; that of libvirt is vagrant-libvirt',
    tryThis: libvirtPlugin,
    missing: true,
  },
  {
    match: /ProviderNotUsable|VBoxManageNotFound|VirtualBoxNotDetected|could not detect VirtualBox/,
    what: 'Vagrant’s hypervisor cannot be used here',
    cause:
      'Vagrant chooses VirtualBox, by VAGRANT_DEFAULT_PROVIDER or without vagrant-libvirt, and it is not installed',
    tryThis: `install VirtualBox, or use libvirt: ${libvirtPlugin}`,
    missing: true,
  },
  {
    match: /MachineLocked|another process is already executing/,
    what: 'another vagrant command works on this machine',
    cause: 'one of your commands still runs',
    tryThis: 'wait for it, then the same command again',
  },
  {
    match:
      /DomainNameExists|DomainVolumeExists|domain about to create is already taken|Volume for domain is already created|machine with the name .* already exists/is,
    what: 'the hypervisor has a machine of that name already',
    cause: 'a command was killed before Vagrant had recorded the machine',
    tryThis: 'lab down NAME, then the same command again',
  },
];

/** Turns Vagrant's message into what failed, why, and the command that helps. */
export function translateError(error: { name: string; text: string }, lab: string, facts: Facts): LabError {
  const { node, text } = firstOfBatch(error.text);
  const message = `${error.name} ${text}`;
  const tail = text.split('\n').filter(Boolean).slice(0, 8).join('\n');
  const known = { ...facts, ...(node && { node }), tail };
  if (/VMBootTimeout|Timed out while waiting for the machine|NoIpAddressError|No IP address found/.test(message)) {
    return new ConnectionError('a machine did not boot in time', {
      ...known,
      cause: 'this computer is busy, or has too little memory for the machines',
      tryThis: `the same command again, which continues; lab down ${lab} ends the machines`,
    });
  }
  const found = translations.find(({ match }) => match.test(message));
  if (!found) {
    const what = `vagrant ended with an error${error.name ? ` (${error.name.split('::').at(-1)})` : ''}`;
    return new ProviderError(what, { ...known, tryThis: 'lab doctor' });
  }
  const { what, cause, missing } = found;
  const tryThis = found.tryThis.replace('lab down NAME', `lab down ${lab}`);
  const Kind = missing ? MissingPartError : ProviderError;
  return new Kind(what, { ...known, cause, tryThis });
}

/**
 * Vagrant makes machines at the same time and joins their errors into one text without their classes
 * (vagrant.errors.batch_multi_error). The first is enough; it says which machine failed.
 */
function firstOfBatch(text: string): { node?: string; text: string } {
  const parts = text.split(/An error occurred while executing the action on the '([^']+)'\s+machine\. [^:]*:\s*/);
  const [, node, first] = parts;
  return node && first ? { node, text: first.trim() } : { text: text.trim() };
}

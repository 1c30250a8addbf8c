import type { ProviderInfo } from '../provider-info.ts';

/** Machines by Vagrant, on libvirt or VirtualBox. The user chooses and installs Vagrant and its hypervisor. */
export const vagrantInfo = {
  name: 'vagrant',
  parts: [],
  program: 'vagrant',
  capabilities: {
    disks: false,
    kernels: ['cloud'],
    boxes: true,
    reset: false,
    checkpoints: false,
    lines: false,
    capture: false,
    instructionClock: false,
    outlivesLogout: true,
    // vagrant-libvirt's, and VirtualBox' NAT.
    managementNetworks: ['192.168.121.0/24', '10.0.2.0/24'],
  },
} as const satisfies ProviderInfo;

/** libvirt and VirtualBox are providers of Vagrant: a user who names one means provider vagrant. */
export function hypervisorHint(wish: string): string | undefined {
  return /^(libvirt|virtualbox|kvm)$/i.test(wish)
    ? `for ${wish}: VAGRANT_DEFAULT_PROVIDER=${wish.toLowerCase().replace('kvm', 'libvirt')} with --provider vagrant`
    : undefined;
}

import type { ProviderInfo } from '../provider-info.ts';

/** Machines by Vagrant, on libvirt or VirtualBox. Vagrant and its hypervisor are for a person to choose and to install. */
export const vagrantInfo = {
  name: 'vagrant',
  parts: [],
  program: 'vagrant',
  capabilities: {
    disks: false,
    kernels: ['cloud'],
    boxes: true,
    reset: false,
    outlivesLogout: true,
    // vagrant-libvirt's, and VirtualBox' NAT.
    managementNetworks: ['192.168.121.0/24', '10.0.2.0/24'],
  },
} as const satisfies ProviderInfo;

/** libvirt and VirtualBox are Vagrant's own providers: whoever asks for one means this. */
export function hypervisorHint(wish: string): string | undefined {
  return /^(libvirt|virtualbox|kvm)$/i.test(wish)
    ? `for ${wish}: VAGRANT_DEFAULT_PROVIDER=${wish.toLowerCase().replace('kvm', 'libvirt')} with --provider vagrant`
    : undefined;
}

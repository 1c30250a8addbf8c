import type { ProviderName } from './index.ts';
import type { Provider } from './provider.ts';

/** Loads the provider of that name. */
export async function providerOf(name: ProviderName): Promise<Provider> {
  switch (name) {
    case 'qemu':
      return (await import('./qemu/qemu.ts')).qemuProvider;
    case 'vagrant':
      return (await import('./vagrant/vagrant.ts')).vagrantProvider;
  }
}

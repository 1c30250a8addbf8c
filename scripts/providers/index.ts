import type { ProviderInfo } from './provider-info.ts';
import { qemuInfo } from './qemu/info.ts';
import { vagrantInfo } from './vagrant/info.ts';

/** Every provider, the preferred one first. */
const all = [qemuInfo, vagrantInfo] as const;

export type ProviderName = (typeof all)[number]['name'];

export const providers: readonly ProviderInfo<ProviderName>[] = all;

export const providerNames: readonly ProviderName[] = providers.map(({ name }) => name);

/** The provider of labs for which none is chosen. */
export const [{ name: defaultProvider }] = all;

export function providerInfo(name: ProviderName): ProviderInfo<ProviderName> {
  const found = providers.find((one) => one.name === name);
  if (!found) throw new Error(`there is no provider ${name}`);
  return found;
}

export { hypervisorHint } from './vagrant/info.ts';

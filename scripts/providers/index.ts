import type { ProviderInfo } from './provider-info.ts';
import { qemuInfo } from './qemu/info.ts';
import { vagrantInfo } from './vagrant/info.ts';

/** Every provider, the one that is preferred first. */
const all = [qemuInfo, vagrantInfo] as const;

export type ProviderName = (typeof all)[number]['name'];

export const providers: readonly ProviderInfo<ProviderName>[] = all;

export const providerNames: readonly ProviderName[] = providers.map(({ name }) => name);

/** What labs are planned for when nobody says otherwise. */
export const [{ name: defaultProvider }] = all;

export function providerInfo(name: ProviderName): ProviderInfo<ProviderName> {
  const found = providers.find((one) => one.name === name);
  if (!found) throw new Error(`there is no provider ${name}`);
  return found;
}

export { hypervisorHint } from './vagrant/info.ts';

import { overlap } from '../model/addresses.ts';
import type { Requirements } from '../plan/requirements.ts';
import type { ProviderInfo } from './provider-info.ts';

/** The reasons why a provider cannot run a lab, a sentence each; empty when it can. */
export function obstacles(
  { disks, kernel, networks }: Requirements,
  { name, capabilities }: Pick<ProviderInfo, 'name' | 'capabilities'>,
): string[] {
  const found: string[] = [];
  if (disks.length > 0 && !capabilities.disks) {
    found.push(`${disks.join(', ')} needs a disk, and ${name} gives machines no disk`);
  }
  if (!capabilities.kernels.includes(kernel)) {
    found.push(`the lab needs kernel ${kernel}, and ${name} has only ${capabilities.kernels.join(', ')}`);
  }
  for (const network of networks) {
    const taken = capabilities.managementNetworks.find((one) => overlap(one, network.cidr));
    if (!taken) continue;
    found.push(`the ${network.name} network ${network.cidr} overlaps ${taken}, on which ${name} manages machines`);
  }
  return found;
}

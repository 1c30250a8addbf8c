import { overlap } from '../model/addresses.ts';
import { isOwn, kernelWords } from '../model/kernels.ts';
import type { Requirements } from '../plan/requirements.ts';
import type { Part, ProviderInfo } from './provider-info.ts';

/** The reasons why a provider cannot run a lab, a sentence each; empty when it can. */
export function obstacles(
  { disks, kernels, modules, networks, instructionClock }: Requirements,
  { name, capabilities }: Pick<ProviderInfo, 'name' | 'capabilities'>,
): string[] {
  const found: string[] = [];
  if (disks.length > 0 && !capabilities.disks) {
    found.push(`${disks.join(', ')} needs a disk, and ${name} gives machines no disk`);
  }
  const possible: 'any' | readonly string[] = capabilities.kernels;
  for (const { node = 'the lab', kernel } of kernels) {
    const words = kernelWords(kernel);
    if (possible === 'any' || possible.includes(words)) continue;
    found.push(`${node} needs kernel ${words}, and ${name} has only ${possible.join(', ')}`);
  }
  if (modules.length > 0 && possible !== 'any') {
    found.push(`${modules.join(', ')} loads a module of one’s own, and ${name} gives machines none`);
  }
  if (instructionClock && !capabilities.instructionClock) {
    found.push(`the instructions of its machines are to be counted, and ${name} cannot count them`);
  }
  for (const network of networks) {
    const taken = capabilities.managementNetworks.find((one) => overlap(one, network.cidr));
    if (!taken) continue;
    found.push(`the ${network.name} network ${network.cidr} overlaps ${taken}, on which ${name} manages machines`);
  }
  return found;
}

/** What a provider needs on this computer to run a lab. */
export function partsFor(
  { parts, kernelParts = [] }: Pick<ProviderInfo, 'parts' | 'kernelParts'>,
  { kernels }: Pick<Requirements, 'kernels'>,
): readonly Part[] {
  return kernels.every(({ kernel }) => isOwn(kernel)) ? parts : [...parts, ...kernelParts];
}

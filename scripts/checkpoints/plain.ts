import { ProviderError } from '../errors.ts';
import { longestLabName } from '../model/limits.ts';
import { planSchema } from '../plan/plan.ts';
import { providerNames } from '../providers/index.ts';
import type { Checkpoint } from './checkpoint.ts';

/** Letters, digits, dots, hyphens and underscores, with no dot or hyphen in front: no part of a path can lead out of its folder. */
const plainName = /^[a-z0-9_][\w.-]*$/i;

/**
 * Refuses a checkpoint from a file that may come from anybody, if one of its words could lead out of a folder or become another argument
 * of QEMU. What runs in its machines is another matter: docs/security.md.
 * @throws ProviderError
 */
export function requirePlain(checkpoint: Checkpoint, file: string): void {
  const { plan, machines, parts, lab, label, id } = checkpoint;
  if (plan?.schema !== planSchema) {
    throw new ProviderError(`${file} was made by another version of lvs-lab`, {
      cause: 'this version cannot use its plan',
      tryThis: 'the version of lvs-lab that made it',
    });
  }
  const names = [
    ...[lab, label, id, plan.lab],
    ...plan.nodes.flatMap(({ name, disk, nics }) => [name, disk ?? 'none', ...nics.map(({ network }) => network)]),
    ...plan.networks.map(({ name }) => name),
    ...machines.machines.flatMap(({ node, image }) => [node, image]),
    ...parts.flatMap((part) => part.file.split('/')),
  ];
  const odd = names.find((name) => typeof name !== 'string' || !plainName.test(name));
  const right =
    odd === undefined &&
    lab === plan.lab &&
    lab.length <= longestLabName &&
    Number.isInteger(plan.memory) &&
    providerNames.includes(plan.provider) &&
    /^[a-z]+$/.test(machines.accelerator);
  if (!right) throw new ProviderError(`${file} is not a checkpoint that this kit has made${odd ? `: ${odd}` : ''}`);
}

import { access } from 'node:fs/promises';
import type { Part } from '../providers/provider-info.ts';
import { isRoot } from './user.ts';
import { which } from './which.ts';

/** What every lab needs. */
const always: readonly Part[] = [
  { part: 'ssh', package: 'openssh-client', what: 'keys, lab ssh' },
  { part: 'flock', package: 'util-linux', what: 'locks' },
];

interface FoundPart extends Part {
  there: boolean;
}

/** Looks for these parts, and for the parts that every lab needs. */
export function findParts(parts: readonly Part[]): Promise<FoundPart[]> {
  const wanted = [...parts, ...always].filter(({ withoutRootOnly }) => !(withoutRootOnly && isRoot()));
  return Promise.all(wanted.map(async (one) => ({ ...one, there: await isThere(one.part) })));
}

async function isThere(part: string): Promise<boolean> {
  if (!part.startsWith('/')) return (await which(part)) !== undefined;
  return access(part).then(
    () => true,
    () => false,
  );
}

/** The command that installs packages, for the user to type. */
export function installCommand(packages: readonly string[]): string {
  const sudo = isRoot() ? '' : 'sudo ';
  return `${sudo}apt-get update && ${sudo}apt-get install --no-install-recommends ${packages.join(' ')}`;
}

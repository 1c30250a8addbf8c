import { didYouMean } from '../closest.ts';
import { UsageError } from '../errors.ts';
import { findParts } from '../host/requirements.ts';
import { which } from '../host/which.ts';
import { hypervisorHint, type ProviderName, providerNames } from '../model/lab.ts';

export interface ProviderChoice {
  provider: ProviderName;
  why: string;
}

/**
 * --provider, else LAB_PROVIDER, else what the lab already runs with, else the lab file; without any of them QEMU where
 * its parts are there or can be installed, else Vagrant where that is found. With neither it is QEMU, whose missing
 * parts are then named.
 * @param options setup: whether missing parts may be installed
 * @throws UsageError for a LAB_PROVIDER that is none
 */
export async function chooseProvider(
  { provider, setup }: { provider?: ProviderName | undefined; setup: boolean },
  lab: { provider?: ProviderName },
  running: { provider?: ProviderName } | undefined,
): Promise<ProviderChoice> {
  if (provider) return { provider, why: '--provider says so' };
  const wish = process.env.LAB_PROVIDER;
  if (wish) return { provider: requireProvider(wish), why: 'LAB_PROVIDER says so' };
  if (running?.provider) return { provider: running.provider, why: 'the lab runs with it' };
  if (lab.provider) return { provider: lab.provider, why: 'the lab file says so' };
  if ((await findParts('qemu')).every(({ there }) => there)) return { provider: 'qemu', why: 'all it needs is here' };
  const { wayToInstall } = await import('../host/setup.ts');
  if (setup && (await wayToInstall()) !== 'none') return { provider: 'qemu', why: 'what it needs can be installed' };
  if (await which('vagrant')) {
    return { provider: 'vagrant', why: 'parts of QEMU’s are missing and may not be installed, and vagrant is here' };
  }
  return { provider: 'qemu', why: 'parts of it are missing, and vagrant is not here either' };
}

function requireProvider(wish: string): ProviderName {
  const found = providerNames.find((name) => name === wish);
  if (found) return found;
  const clauses = [
    `LAB_PROVIDER: ${JSON.stringify(wish)} is not known`,
    didYouMean(wish, providerNames),
    hypervisorHint(wish),
  ];
  throw new UsageError(clauses.filter(Boolean).join('; '), {
    tryThis: `LAB_PROVIDER=${providerNames.join(' or LAB_PROVIDER=')}`,
  });
}

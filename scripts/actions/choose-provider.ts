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
 * Chooses what makes the machines: --provider, else LAB_PROVIDER, else what the lab runs on, else the lab file. Without any of these
 * it is QEMU if its parts are installed or can be, else Vagrant if that is installed, else QEMU, whose missing parts are then named.
 * @param options setup: whether missing parts may be installed
 * @throws UsageError for an unknown LAB_PROVIDER
 */
export async function chooseProvider(
  { provider, setup }: { provider?: ProviderName | undefined; setup: boolean },
  lab: { provider?: ProviderName },
  running: { provider?: ProviderName } | undefined,
): Promise<ProviderChoice> {
  if (provider) return { provider, why: 'set by --provider' };
  const wish = process.env.LAB_PROVIDER;
  if (wish) return { provider: requireProvider(wish), why: 'set by LAB_PROVIDER' };
  if (running?.provider) return { provider: running.provider, why: 'the lab runs on it' };
  if (lab.provider) return { provider: lab.provider, why: 'set in the lab file' };
  if ((await findParts('qemu')).every(({ there }) => there))
    return { provider: 'qemu', why: 'all its parts are installed' };
  const { wayToInstall } = await import('../host/setup.ts');
  if (setup && (await wayToInstall()) !== 'none')
    return { provider: 'qemu', why: 'its missing parts can be installed' };
  if (await which('vagrant')) {
    return { provider: 'vagrant', why: 'parts of QEMU are missing and must not be installed; Vagrant is installed' };
  }
  return { provider: 'qemu', why: 'parts of it are missing; Vagrant is not installed either' };
}

function requireProvider(wish: string): ProviderName {
  const found = providerNames.find((name) => name === wish);
  if (found) return found;
  const clauses = [
    `LAB_PROVIDER: unknown provider ${JSON.stringify(wish)}`,
    didYouMean(wish, providerNames),
    hypervisorHint(wish),
  ];
  throw new UsageError(clauses.filter(Boolean).join('; '), {
    tryThis: `LAB_PROVIDER=${providerNames.join(' or LAB_PROVIDER=')}`,
  });
}

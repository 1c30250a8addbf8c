import { didYouMean } from '../closest.ts';
import { UsageError } from '../errors.ts';
import { findParts } from '../host/requirements.ts';
import { which } from '../host/which.ts';
import type { Requirements } from '../plan/requirements.ts';
import {
  defaultProvider,
  hypervisorHint,
  type ProviderName,
  providerInfo,
  providerNames,
  providers,
} from '../providers/index.ts';
import { obstacles } from '../providers/suitable.ts';

interface ProviderChoice {
  provider: ProviderName;
  why: string;
}

/**
 * Chooses the provider, from the first of these that names one: --provider, LAB_PROVIDER, the running lab, the lab file.
 * If none does, it chooses one that is installed on this computer or can be installed.
 * @param options setup: whether missing parts may be installed
 * @param requirements of the lab, where there is one
 * @throws UsageError for an unknown LAB_PROVIDER
 */
export async function chooseProvider(
  { provider, setup }: { provider?: ProviderName | undefined; setup: boolean },
  lab: { provider?: ProviderName },
  running: { provider?: ProviderName } | undefined,
  requirements?: Requirements,
): Promise<ProviderChoice> {
  if (provider) return chosen(provider, 'set by --provider');
  const wish = process.env.LAB_PROVIDER;
  if (wish) return chosen(requireProvider(wish), 'set by LAB_PROVIDER');
  if (running?.provider) return { provider: running.provider, why: 'the lab runs on it' };
  if (lab.provider) return chosen(lab.provider, 'set in the lab file');
  return firstUsable(setup, requirements);
}

/** A provider that the user has chosen. A missing program is only noted, because a dry run needs none. */
async function chosen(provider: ProviderName, why: string): Promise<ProviderChoice> {
  const { program } = providerInfo(provider);
  const missing = program !== undefined && !(await which(program));
  return { provider, why: missing ? `${why}; ${program} is not installed` : why };
}

/** The first provider that can run the lab and is installed, or can be. Without one, the default provider: its missing parts are then named. */
async function firstUsable(setup: boolean, requirements?: Requirements): Promise<ProviderChoice> {
  const able = providers.filter((one) => !requirements || obstacles(requirements, one).length === 0);
  const installable = able.filter(({ program }) => program === undefined);
  for (const { name, parts } of installable) {
    if ((await findParts(parts)).every(({ there }) => there))
      return { provider: name, why: 'all its parts are installed' };
  }
  const [first] = installable;
  const { wayToInstall } = await import('../host/setup.ts');
  if (first && setup && (await wayToInstall()) !== 'none') {
    return { provider: first.name, why: 'its missing parts can be installed' };
  }
  for (const { name, program } of able) {
    if (!program || !(await which(program))) continue;
    return {
      provider: name,
      why: `parts of ${defaultProvider} are missing and may not be installed; ${program} is installed`,
    };
  }
  return {
    provider: first?.name ?? defaultProvider,
    why: 'some of its parts are missing, and no other provider is installed',
  };
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

import { ProviderError } from '../errors.ts';
import { type ProviderName, providers } from '../providers/index.ts';
import type { Checkpointing, Provider } from '../providers/provider.ts';
import { providerOf } from '../providers/providers.ts';

/** The provider of a lab that is to be saved or loaded. @throws ProviderError when it cannot do that */
export async function checkpointing(name: ProviderName): Promise<{ provider: Provider; checkpoints: Checkpointing }> {
  const provider = await providerOf(name);
  const { checkpoints } = provider;
  if (checkpoints) return { provider, checkpoints };
  const able = providers.filter(({ capabilities }) => capabilities.checkpoints).map((one) => one.name);
  throw new ProviderError(`with provider ${name} a lab cannot be saved`, {
    cause: `only provider ${able.join(' or ')} can stop all machines of a lab at one moment and keep their memory`,
    tryThis: `the same lab with --provider ${able[0]}`,
  });
}

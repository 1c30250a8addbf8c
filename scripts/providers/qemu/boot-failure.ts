import { type Facts, ProviderError } from '../../errors.ts';
import { lastLines } from '../../host/exec.ts';

/** Why a machine did not come up, or ended, as its console says it; init.sh of the guest image writes the lines with `lab: `. */
export function causeOnConsole(shown: string): string | undefined {
  const reason = /^.*?\blab: (.*)$/m.exec(shown)?.[1];
  if (reason) return reason;
  const panic = /Kernel panic - not syncing: (.*)/.exec(shown)?.[1];
  if (panic && /unable to mount root/i.test(panic)) {
    return 'it did not unpack its initrd: CONFIG_BLK_DEV_INITRD, or the format of the archive';
  }
  if (/initramfs unpacking failed/i.test(shown)) return 'it could not unpack its initrd';
  return panic && `kernel panic: ${panic}`;
}

/** The error for a kernel of which no template could be made. */
export function bootFailure(kernel: string, shown: string, facts: Facts): ProviderError {
  const text = shown.replaceAll('\r', '');
  return new ProviderError(`kernel ${kernel} did not come up`, {
    ...facts,
    cause: causeOnConsole(text) ?? (text.trim() === '' ? 'it wrote nothing on its console' : undefined),
    tail: lastLines(text) ?? facts.tail,
  });
}

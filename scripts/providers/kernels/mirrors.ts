import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProviderError } from '../../errors.ts';
import { lastLines, run } from '../../host/exec.ts';
import { readIfThere } from '../../host/files.ts';
import { shellQuote } from '../../render/shell-quote.ts';
import { askedRelease, type Mirrors, mirrorsIn } from './archive.ts';

/**
 * Where Debian's packages come from: whence mmdebstrap takes those of the guest image. Only mmdebstrap knows. It writes sources
 * before it asks for anything, and is ended there.
 * @throws ProviderError when it does not come so far
 */
export async function findMirrors(): Promise<Mirrors> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-mirrors-'));
  const file = join(folder, 'sources.list');
  try {
    const { stderr } = await run(
      'mmdebstrap',
      [
        '--format=null',
        '--variant=extract',
        `--setup-hook=download /etc/apt/sources.list ${shellQuote(file)}`,
        '--setup-hook=exit 1',
        askedRelease,
        '/dev/null',
      ],
      { anyExitCode: true, timeoutMs: 120_000 },
    );
    const mirrors = mirrorsIn((await readIfThere(file)) ?? '');
    if (mirrors) return mirrors;
    throw new ProviderError('mmdebstrap does not tell where Debian’s packages are', {
      tail: lastLines(stderr, 4),
      tryThis: 'lab doctor',
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

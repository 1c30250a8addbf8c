import { run } from './exec.ts';

/** Copies a file and leaves out its holes. Where the file system can, the copy shares its blocks. */
export async function copySparse(from: string, to: string, signal?: AbortSignal): Promise<void> {
  await run('cp', ['--sparse=always', '--reflink=auto', '--', from, to], signal && { signal });
}

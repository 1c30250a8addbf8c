import { UsageError } from '../errors.ts';
import { writeWhole } from './files.ts';

/**
 * Writes a file that the user named; others may read it.
 * @param option that named it, for the message: `--output`
 * @throws UsageError when no file can be there
 */
export async function writeGiven(path: string, content: string | Buffer, option: string): Promise<void> {
  try {
    await writeWhole(path, content, 0o644);
  } catch (error) {
    // Nobody can make a file in /proc (ENOENT), nor a folder in a file (EEXIST, ENOTDIR).
    if (!/^(ENOENT|EEXIST|ENOTDIR|EISDIR)$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new UsageError(`cannot write ${path}`, { tryThis: `another place after ${option}` });
  }
}

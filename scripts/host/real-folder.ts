import { realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * The folder of a file, to which paths in the file are relative. Links are followed: the folder of a job of lab batch has a link to the
 * labs of the folder where the batch was begun, and what lies beside these labs is not in the job's folder.
 */
export async function realFolder(file: string): Promise<string> {
  const folder = dirname(resolve(file));
  return realpath(folder).catch(() => folder);
}

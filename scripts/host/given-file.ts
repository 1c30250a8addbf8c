import type { Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';

/** A file that a person named cannot be read; its message says why, to stand behind the file's name. */
export class UnreadableError extends Error {
  /** The system's error, ENOENT and the like; none for what is refused here. */
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

/** Bytes; a lab of 64 real servers with thirty services has a third of it. */
const most = 2 ** 20;

/** Why, by the code of the system's error. */
const reasons: Record<string, string> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file: a file is where a folder should be',
  EACCES: 'you have no right to read it',
  EPERM: 'you have no right to read it',
  ELOOP: 'a link that leads to itself',
  ENAMETOOLONG: 'its name is too long',
};

/**
 * Reads a file that a person named, whatever it is.
 * @param options.pipe whether it may be a pipe, such as a shell makes of `<(…)`
 * @throws UnreadableError for what is not there, is no file, or is too large to be meant
 */
export async function readGivenFile(path: string, { pipe = false } = {}): Promise<string> {
  try {
    const problem = unfit(await stat(path), pipe);
    if (problem) throw new UnreadableError(problem);
    const file = await open(path);
    try {
      let text = '';
      for await (const part of file.createReadStream({ encoding: 'utf8' })) {
        text += part;
        if (text.length > most) throw new UnreadableError('too large: 1 MiB at most');
      }
      return text;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof UnreadableError) throw error;
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new UnreadableError(reasons[code] ?? message, code);
  }
}

function unfit(found: Stats, pipe: boolean): string | undefined {
  if (found.isDirectory()) return 'it is a folder';
  if (!found.isFile() && !(pipe && found.isFIFO())) return 'it is not a file';
  return found.size > most ? 'too large: 1 MiB at most' : undefined;
}

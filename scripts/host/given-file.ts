import { constants, type Stats } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';

/** A file that the user named cannot be read. The message says why; the file's name goes before it. */
export class UnreadableError extends Error {
  /** The system's error, such as ENOENT; undefined when the kit refuses the file. */
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

/** Bytes. The file of a lab with 64 real servers and thirty services has a third of that. */
export const largestGivenFile = 2 ** 20;

/** By the code of the system's error. */
const reasons: Record<string, string> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file: a file is where a folder should be',
  EACCES: 'you have no permission to read it',
  EPERM: 'you have no permission to read it',
  ELOOP: 'it is a link that leads to itself',
  ENAMETOOLONG: 'its name is too long',
};

/**
 * Reads a file that the user named.
 * @param options.pipe whether it may be a pipe, such as a shell makes of `<(…)`
 * @throws UnreadableError when it is missing, is not a file, or is larger than 1 MiB
 */
export async function readGivenFile(path: string, { pipe = false } = {}): Promise<string> {
  try {
    const problem = objection(await stat(path), pipe);
    if (problem) throw new UnreadableError(problem);
    const file = await open(path);
    try {
      let text = '';
      for await (const part of file.createReadStream({ encoding: 'utf8' })) {
        text += part;
        if (text.length > largestGivenFile) throw new UnreadableError('too large: 1 MiB at most');
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

/** Why a file that the user named cannot be read, whatever its size; undefined when it can. */
export async function problemOf(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path);
    await access(path, constants.R_OK);
    return kindOf(found, false);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    return reasons[code] ?? message;
  }
}

function objection(found: Stats, pipe: boolean): string | undefined {
  return kindOf(found, pipe) ?? (found.size > largestGivenFile ? 'too large: 1 MiB at most' : undefined);
}

function kindOf(found: Stats, pipe: boolean): string | undefined {
  if (found.isDirectory()) return 'it is a folder';
  return found.isFile() || (pipe && found.isFIFO()) ? undefined : 'it is not a file';
}

import { LabError, MissingPartError } from '../errors.ts';

interface Meaning {
  what: (path: string) => string;
  cause: string;
  tryThis: string;
}

const elsewhere = 'the same command in a folder of yours; XDG_CACHE_HOME=FOLDER for images and templates';

/** Errors of open(2), write(2) and the like that are this computer's and not ours. */
const meanings: Record<string, Meaning> = {
  ENOSPC: {
    what: (path) => `no room left to write ${path}`,
    cause: 'the disk is full; an image takes 3 GB while it is built, a template half of one',
    tryThis: 'df -h; lab image prune',
  },
  EDQUOT: {
    what: (path) => `no room left to write ${path}`,
    cause: 'your quota is used up',
    tryThis: 'lab image prune',
  },
  EROFS: { what: (path) => `${path} cannot be written`, cause: 'its file system is read-only', tryThis: elsewhere },
  EACCES: {
    what: (path) => `no right to ${path}`,
    cause: 'it is somebody else’s, or its rights were changed',
    tryThis: elsewhere,
  },
  EPERM: {
    what: (path) => `no right to ${path}`,
    cause: 'it is somebody else’s, or its rights were changed',
    tryThis: elsewhere,
  },
  ENOENT: { what: (path) => `${path} cannot be made`, cause: 'there is no such place', tryThis: elsewhere },
  EEXIST: { what: (path) => `${path} is no folder`, cause: 'a file is where a folder should be', tryThis: elsewhere },
  ENOTDIR: {
    what: (path) => `${path} is not in a folder`,
    cause: 'a file is where a folder should be',
    tryThis: elsewhere,
  },
  ENAMETOOLONG: { what: (path) => `the name is too long: ${path}`, cause: 'deep folders', tryThis: elsewhere },
  EMFILE: { what: () => 'too many open files', cause: 'a low limit', tryThis: 'ulimit -n 4096, then the same command' },
  ENOMEM: { what: () => 'no memory left', cause: 'too many machines for this computer', tryThis: 'lab down --all' },
};

/** What a person can do about an error of the operating system; undefined for other errors, which are bugs. */
export function meaningOf(error: unknown): LabError | undefined {
  if (error instanceof LabError) return error;
  const { code = '', path, syscall } = error as NodeJS.ErrnoException;
  // That a file is missing, or there, is an error of somebody's only where a folder should be made.
  if (/^(ENOENT|EEXIST)$/.test(code) && !/^(mkdir|statfs)$/.test(syscall ?? '')) return undefined;
  const meaning = syscall && Object.hasOwn(meanings, code) ? meanings[code] : undefined;
  // Node's own errors have longer names, and a program that cannot be started is another matter.
  if (!meaning && path && syscall && /^E[A-Z0-9]+$/.test(code) && !syscall.startsWith('spawn')) {
    return new MissingPartError(`${path}: ${syscall} says ${code}`, { tryThis: elsewhere });
  }
  if (!meaning) return undefined;
  const { what, cause, tryThis } = meaning;
  return new MissingPartError(what(path ?? 'a file'), {
    cause,
    tryThis: (tryThis === elsewhere && variableOf(path)) || tryThis,
  });
}

/** What to do where a variable of the environment names the place. */
function variableOf(path: string | undefined): string | undefined {
  const name = ['XDG_RUNTIME_DIR', 'XDG_CACHE_HOME'].find((one) => {
    const value = process.env[one];
    return value && (path === value || path?.startsWith(`${value}/`));
  });
  return name && `unset ${name}, or have it name a folder of yours`;
}

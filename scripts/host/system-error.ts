import { LabError, MissingPartError } from '../errors.ts';

interface Meaning {
  what: (path: string) => string;
  cause: string;
  tryThis: string;
}

const elsewhere = 'run the command in a folder of yours; XDG_CACHE_HOME=FOLDER moves images and templates';
const noPermission = {
  what: (path: string) => `no permission: ${path}`,
  cause: 'it belongs to another user, or its mode was changed',
  tryThis: elsewhere,
};

/** Errors of system calls that come from this computer's state, not from a bug. */
const meanings: Record<string, Meaning> = {
  ENOSPC: {
    what: (path) => `no room left to write ${path}`,
    cause: 'the disk is full; building an image takes 3 GB, a template half a GB',
    tryThis: 'df -h; lab image prune',
  },
  EDQUOT: {
    what: (path) => `no room left to write ${path}`,
    cause: 'your disk quota is used up',
    tryThis: 'lab image prune',
  },
  EROFS: { what: (path) => `cannot write ${path}`, cause: 'its file system is read-only', tryThis: elsewhere },
  EACCES: noPermission,
  EPERM: noPermission,
  ENOENT: { what: (path) => `cannot create ${path}`, cause: 'the folder above it does not exist', tryThis: elsewhere },
  EEXIST: { what: (path) => `${path} is not a folder`, cause: 'there is a file of that name', tryThis: elsewhere },
  ENOTDIR: {
    what: (path) => `${path} is not in a folder`,
    cause: 'a part of the path is a file',
    tryThis: elsewhere,
  },
  ENAMETOOLONG: {
    what: (path) => `the path is too long: ${path}`,
    cause: 'the current folder is very deep',
    tryThis: elsewhere,
  },
  EMFILE: {
    what: () => 'too many open files',
    cause: 'the limit of this shell is low',
    tryThis: 'ulimit -n 4096, then the same command',
  },
  ENOMEM: {
    what: () => 'no memory left',
    cause: 'the running machines use all memory of this computer',
    tryThis: 'lab down --all',
  },
};

/** Turns an error of the operating system into one that the user can do something about; undefined for others, which are bugs. */
export function meaningOf(error: unknown): LabError | undefined {
  if (error instanceof LabError) return error;
  const { code = '', path, syscall } = error as NodeJS.ErrnoException;
  // A missing or existing file is the user's problem only when the kit makes a folder. Anywhere else it is a bug.
  if (/^(ENOENT|EEXIST)$/.test(code) && !/^(mkdir|statfs)$/.test(syscall ?? '')) return undefined;
  const meaning = syscall && Object.hasOwn(meanings, code) ? meanings[code] : undefined;
  // Node's own error codes look different. Programs that cannot be started are reported by host/exec.ts.
  if (!meaning && path && syscall && /^E[A-Z0-9]+$/.test(code) && !syscall.startsWith('spawn')) {
    return new MissingPartError(`${path}: ${syscall} failed with ${code}`, { tryThis: elsewhere });
  }
  if (!meaning) return undefined;
  const { what, cause, tryThis } = meaning;
  return new MissingPartError(what(path ?? 'a file'), {
    cause,
    tryThis: (tryThis === elsewhere && variableOf(path)) || tryThis,
  });
}

/** What to do when an environment variable names the place. */
function variableOf(path: string | undefined): string | undefined {
  const name = ['XDG_RUNTIME_DIR', 'XDG_CACHE_HOME'].find((one) => {
    const value = process.env[one];
    return value && (path === value || path?.startsWith(`${value}/`));
  });
  return name && `unset ${name}, or set it to a folder of yours`;
}

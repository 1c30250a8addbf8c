import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProviderError } from '../errors.ts';
import { userId } from './user.ts';

/** The folder that holds package.json, templates and labs. */
export const projectRoot = packageAbove(dirname(fileURLToPath(import.meta.url)));

/** This file is in scripts/host/; compiled, it is part of a file in dist/. */
function packageAbove(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : packageAbove(dirname(folder));
}

/** A folder that a variable of the XDG Base Directory Specification names; the specification ignores a relative path. */
function placeIn(variable: string): string | undefined {
  const folder = process.env[variable];
  return folder && isAbsolute(folder) ? folder : undefined;
}

/** Images, templates and keys, shared by all labs of a user. */
export function cacheFolder(): string {
  return join(placeIn('XDG_CACHE_HOME') ?? join(process.env.HOME || userInfo().homedir, '.cache'), 'lvs-lab');
}

/**
 * The folder for the sockets of all labs of a user. The path of a socket can have 107 bytes (sun_path in unix(7)). So if
 * XDG_RUNTIME_DIR is long or missing, a folder below /tmp is used, which must belong to the user and be closed to others.
 * @throws ProviderError when another user owns that folder
 */
export function runtimeFolder(): string {
  const uid = userId();
  const base = placeIn('XDG_RUNTIME_DIR');
  const folder = base && base.length <= 40 ? join(base, 'lvs-lab') : `/tmp/lvs-lab-${uid}`;
  makeOnly(folder);
  const { uid: owner, mode } = lstatSync(folder);
  if (owner !== uid || (mode & 0o077) !== 0) {
    throw new ProviderError(`${folder} is not a private folder of yours`, {
      cause: 'another user made it, or its permissions were changed',
      tryThis: `XDG_RUNTIME_DIR=$(mktemp -d) with the same command`,
    });
  }
  return folder;
}

/** Makes a folder, but not those above it: below /proc Node's recursive mkdir never returns. */
function makeOnly(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Where one lab keeps its files. */
export interface Place {
  /** Name of the lab. */
  lab: string;
  /** Ten hex digits that mark the lab's processes and sockets: always the same for the same lab in the same folder. */
  id: string;
  /** `.lab/<name>`, absolute: plan, scripts, logs, ssh_config. */
  folder: string;
  /** For sockets, so its path is short. */
  runtime: string;
}

/** The place of a lab that belongs to the folder `cwd`. */
export function placeOf(name: string, cwd = process.cwd()): Place {
  const folder = resolve(cwd, '.lab', name);
  const id = createHash('sha256').update(folder).digest('hex').slice(0, 10);
  return { lab: name, id, folder, runtime: join(runtimeFolder(), id) };
}

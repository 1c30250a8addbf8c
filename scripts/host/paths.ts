import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProviderError } from '../errors.ts';
import { userId } from './user.ts';

/** The folder that holds package.json, templates and labs. */
export const projectRoot = packageAbove(dirname(fileURLToPath(import.meta.url)));

/** This file is in scripts/host/; compiled, it is part of a file in dist/. */
function packageAbove(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : packageAbove(dirname(folder));
}

/** Images, templates and keys, shared by all labs of a user. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lvs-lab');
}

/**
 * The folder for the sockets of all labs of a user. The path of a socket can have 107 bytes (sun_path in unix(7)), so where
 * XDG_RUNTIME_DIR is long or missing, a folder below /tmp is used, which must be the user's own and closed to others.
 * @throws ProviderError when another user owns that folder
 */
export function runtimeFolder(): string {
  const uid = userId();
  const base = process.env.XDG_RUNTIME_DIR;
  const folder = base && base.length <= 40 ? join(base, 'lvs-lab') : `/tmp/lvs-lab-${uid}`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid: owner, mode } = lstatSync(folder);
  if (owner !== uid || (mode & 0o077) !== 0) {
    throw new ProviderError(`${folder} is not a private folder of yours`, {
      cause: 'another user made it, or its permissions were changed',
      tryThis: `XDG_RUNTIME_DIR=$(mktemp -d) with the same command`,
    });
  }
  return folder;
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

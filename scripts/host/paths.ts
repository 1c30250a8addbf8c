import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProviderError } from '../errors.ts';
import { userId } from './user.ts';

/** The folder that holds package.json, templates and labs. */
export const projectRoot = packageAbove(dirname(fileURLToPath(import.meta.url)));

/** This file is in scripts/host/, and compiled it is a part of one in dist/. */
function packageAbove(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : packageAbove(dirname(folder));
}

/** Images, templates and keys, shared by all labs of a user. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lvs-lab');
}

/**
 * Sockets of all labs of a user. A socket's path has room for 107 bytes (sun_path in unix(7)), so a long or missing
 * XDG_RUNTIME_DIR gives way to a folder under /tmp that must be the user's own and closed to others.
 * @throws ProviderError when somebody else owns that folder
 */
export function runtimeFolder(): string {
  const uid = userId();
  const base = process.env.XDG_RUNTIME_DIR;
  const folder = base && base.length <= 40 ? join(base, 'lvs-lab') : `/tmp/lvs-lab-${uid}`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid: owner, mode } = lstatSync(folder);
  if (owner !== uid || (mode & 0o077) !== 0) {
    throw new ProviderError(`${folder} is not a private folder of yours`, {
      cause: 'another user made it first, or its rights were changed',
      tryThis: `XDG_RUNTIME_DIR=$(mktemp -d) with the same command`,
    });
  }
  return folder;
}

/** Where one lab keeps its things. */
export interface Place {
  /** Name of the lab. */
  lab: string;
  /** Ten hex digits, the same for the same lab in the same folder: marks its processes and sockets. */
  id: string;
  /** `.lab/<name>`, absolute: plan, scripts, logs, ssh_config. */
  folder: string;
  /** Sockets; short. */
  runtime: string;
}

/** The place of lab `name` when worked on from `cwd`. */
export function placeOf(name: string, cwd = process.cwd()): Place {
  const folder = resolve(cwd, '.lab', name);
  const id = createHash('sha256').update(folder).digest('hex').slice(0, 10);
  return { lab: name, id, folder, runtime: join(runtimeFolder(), id) };
}

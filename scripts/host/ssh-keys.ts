import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './exec.ts';
import { readIfThere, removeTree } from './files.ts';
import { takeLock } from './lock.ts';
import { cacheFolder } from './paths.ts';

interface KeyPair {
  /** File of the private key, 0600. */
  file: string;
  privateKey: string;
  /** One line, as in authorized_keys. */
  publicKey: string;
}

/** The key with which the user logs in to all labs. Made once. */
export function userKey(): Promise<KeyPair> {
  return keyPair('id_ed25519', 'lvs-lab');
}

/** The host key of all guests of this user, made before they boot so that it can be pinned. */
export function guestHostKey(): Promise<KeyPair> {
  return keyPair('guest_host_ed25519', 'lvs-lab guest');
}

async function keyPair(name: string, comment: string): Promise<KeyPair> {
  const folder = join(cacheFolder(), 'keys');
  const file = join(folder, name);
  const known = await readPair(file);
  if (known) return known;
  const lock = await takeLock(join(folder, 'lock'), { what: 'making keys' });
  try {
    if (!(await readPair(file))) {
      const draft = `${file}.draft`;
      await removeTree(draft);
      await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', draft], {
        timeoutMs: 60_000,
      });
      await rename(`${draft}.pub`, `${file}.pub`);
      await rename(draft, file);
    }
    return (await readPair(file)) as KeyPair;
  } finally {
    lock.release();
  }
}

async function readPair(file: string): Promise<KeyPair | undefined> {
  const [privateKey, publicKey] = await Promise.all([readIfThere(file), readIfThere(`${file}.pub`)]);
  return privateKey && publicKey ? { file, privateKey, publicKey: publicKey.trim() } : undefined;
}

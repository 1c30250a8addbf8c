import { mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'ava';
import { guestHostKey, userKey } from '../../scripts/host/ssh-keys.ts';

test('keys are made once, and are private whatever the umask', async (t) => {
  process.env.XDG_CACHE_HOME = await mkdtemp(join(tmpdir(), 'lab-keys-'));
  process.umask(0);
  const [key, same, host] = await Promise.all([userKey(), userKey(), guestHostKey()]);
  t.deepEqual(key, same);
  t.not(key.publicKey, host.publicKey);
  for (const { file } of [key, host]) t.is((await stat(file)).mode & 0o777, 0o600);
  t.is((await stat(dirname(key.file))).mode & 0o777, 0o700);
});

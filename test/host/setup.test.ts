import { chmod, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { MissingPartError } from '../../scripts/errors.ts';
import { ensureParts } from '../../scripts/host/setup.ts';
import { providerInfo } from '../../scripts/providers/index.ts';
import { standIn } from '../stand-in.ts';

test.serial('missing parts are installed by apt-get, and an error shows its last lines', async (t) => {
  const path = process.env.PATH;
  t.teardown(() => {
    process.env.PATH = path;
  });
  const folder = await standIn(
    'apt-get',
    `echo "$DEBIAN_FRONTEND $*" >> "$(dirname "$0")/calls"
     [ "$1" = update ] && exit
     echo 'E: Unable to fetch some archives' >&2
     exit 100
    `,
  );
  // For those who are not root, a sudo that needs no password.
  await writeFile(join(folder, 'sudo'), '#!/bin/sh\n[ "$1" = -n ] && shift\nexec "$@"\n');
  await chmod(join(folder, 'sudo'), 0o755);
  for (const program of ['env', 'dirname']) await symlink(`/usr/bin/${program}`, join(folder, program));
  process.env.PATH = folder; // the other programs are missing
  const error = await t.throwsAsync(
    ensureParts(providerInfo('qemu').parts, { forbidden: false }, () => {}),
    { instanceOf: MissingPartError },
  );
  t.regex(error.message, /^apt-get could not install .*qemu-system-x86/);
  t.is(error.facts.tail, 'E: Unable to fetch some archives');
  t.regex(error.facts.tryThis ?? '', /apt-get install --no-install-recommends .*qemu-system-x86/);
  const [update, install] = (await readFile(join(folder, 'calls'), 'utf8')).split('\n');
  t.is(update, 'noninteractive update');
  t.regex(install ?? '', /^noninteractive install --yes --no-install-recommends .*qemu-system-x86/);
});

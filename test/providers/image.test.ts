import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { ProviderError } from '../../scripts/errors.ts';
import { exists, removeTree } from '../../scripts/host/files.ts';
import { mapParallel } from '../../scripts/host/parallel.ts';
import type { GuestSystem } from '../../scripts/model/lab.ts';
import { ensureImage, imageWith } from '../../scripts/providers/image/ensure-image.ts';
import { imageOf, isBuilt, isImageDamaged } from '../../scripts/providers/image/image.ts';
import { blameDamage } from '../../scripts/providers/qemu/damage.ts';
import type { Emit, LabEvent } from '../../scripts/report/events.ts';
import { standIn } from '../stand-in.ts';

// Writes what it is to download, after as long as an image takes on a very fast computer.
const folder = await standIn(
  'mmdebstrap',
  `
here=$(dirname "$0")
echo x >> "$here/builds"
sleep 0.5
[ ! -e "$here/kill" ] || { rm "$here/kill"; kill -KILL $$; }
for word; do
  case $word in
    --customize-hook=download*) (eval "set -- \${word#--customize-hook=}"; echo "content of $2" > "$3") ;;
  esac
done
`,
);
const builds = async () => (await readFile(join(folder, 'builds'), 'utf8')).trim().split('\n').length;
const system: GuestSystem = { release: 13, kernel: 'cloud' };
const ensure = async (wanted: GuestSystem, emit: Emit) => ensureImage(await imageOf(wanted), emit);

test.serial('two builds at the same time: one builds, the other waits and says so', async (t) => {
  const events: LabEvent[] = [];
  const [one, other] = await Promise.all([0, 1].map(() => ensure(system, (event) => events.push(event))));
  t.deepEqual(one, other);
  t.is(await builds(), 1);
  const notes = events.flatMap((event) => (event.type === 'note' ? event.text : []));
  t.deepEqual(notes.length, 1);
  t.regex(notes[0] ?? '', /waiting for the guest image: building the guest image \(process \d+\)/);
});

test.serial('a lab gets the smallest image that is built and has its packages', async (t) => {
  const release12: GuestSystem = { release: 12, kernel: 'generic' };
  const extentFor = async (...packages: string[]) => (await imageWith(packages, release12, () => {})).extent;
  const before = await builds();
  t.is(await extentFor('apache2', 'mariadb-server'), 'full');
  t.is(await extentFor('apache2'), 'full', 'it is built and has them');
  t.is(await builds(), before + 1);
  await removeTree((await imageOf(release12)).folder);
  t.is(await extentFor('apache2'), 'small');
  t.is(await extentFor('apache2', 'mariadb-server'), 'full');
  t.is(await extentFor('apache2'), 'small', 'both are built');
  t.is(await builds(), before + 3);
});

test.serial('a build that dies leaves nothing that the next takes for good', async (t) => {
  const other: GuestSystem = { release: 12, kernel: 'cloud' };
  await (await open(join(folder, 'kill'), 'w')).close();
  await t.throwsAsync(
    ensure(other, () => {}),
    { instanceOf: ProviderError },
  );
  t.false(await isBuilt(await imageOf(other)));
  const before = await builds();
  await ensure(other, () => {});
  t.is(await builds(), before + 1);
  t.true(await isBuilt(await imageOf(other)));
  const left = await readdir(join(folder, 'cache/lvs-lab/images'));
  t.deepEqual(
    left.filter((name) => name.endsWith('.draft')),
    [],
  );
});

test.serial('an image of the right size with another content is found out, taken away, and made anew', async (t) => {
  const image = await ensure(system, () => {});
  t.false(await isImageDamaged(image.folder));
  await t.notThrowsAsync(blameDamage(image));
  const file = await open(image.root, 'r+');
  await file.write(Buffer.from('C'), 0, 1, 0);
  await file.close();
  t.true(await isBuilt(image), 'nothing looks at the content of a file that seems well');
  t.true(await isImageDamaged(image.folder));
  // All machines of a lab fail at the same time: the error that is told must be the one that tells why.
  const starting = mapParallel([0, 1, 2, 3], 4, async (machine) => {
    await new Promise((resolve) => setTimeout(resolve, machine === 2 ? 0 : 20));
    await blameDamage(image);
    throw new Error('QEMU ended');
  });
  const error = await t.throwsAsync(starting, { instanceOf: ProviderError });
  t.regex(error?.message ?? '', /guest image debian13-\w+ was damaged/);
  t.false(await exists(image.folder));
  const before = await builds();
  await ensure(system, () => {});
  t.is(await builds(), before + 1);
});

import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ProviderError } from '../../errors.ts';
import { run } from '../../host/exec.ts';
import { hashesOf, makePrivateFolder, removeTree, sizesOf, writeWhole } from '../../host/files.ts';
import { takeLock } from '../../host/lock.ts';
import { requireDisk } from '../../host/room.ts';
import { writeState } from '../../host/state-file.ts';
import type { GuestSystem } from '../../model/lab.ts';
import { shellQuote } from '../../render/shell-quote.ts';
import { type Emit, stage } from '../../report/events.ts';
import {
  type Imprint,
  imageFiles,
  imageIn,
  imageOf,
  imagesFolder,
  isBuilt,
  type RecipeImage,
  type RecipeScripts,
  recipeScripts,
} from './image.ts';
import { codenames, type Extent, extentsWith, treeOptions } from './recipe.ts';

/** The smallest image that is built and has these packages; else the smallest that has them is built. */
export async function imageWith(packages: readonly string[], system: GuestSystem, emit: Emit): Promise<RecipeImage> {
  const extents = extentsWith(packages);
  for (const extent of extents) {
    const image = await imageOf(system, extent);
    if (await isBuilt(image)) return image;
  }
  return ensureImage(await imageOf(system, extents[0]), emit);
}

/** Builds an image unless it is built. If two commands run at the same time, one builds, and the other waits and says so. */
export async function ensureImage(image: RecipeImage, emit: Emit, { rebuild = false } = {}): Promise<RecipeImage> {
  if (!rebuild && (await isBuilt(image))) return image;
  const lock = await takeLock(join(imagesFolder(), `${image.key}.lock`), {
    what: 'building the guest image',
    onWait: (holder) => emit({ type: 'note', text: `waiting for the guest image: ${holder}` }),
  });
  try {
    if (!rebuild && (await isBuilt(image))) return image;
    await stage(emit, 'image', `building the guest image, ${wordsOf(image)}`, () => build(image, emit));
    return image;
  } finally {
    lock.release();
  }
}

function wordsOf({ system: { release, kernel }, extent }: RecipeImage): string {
  return [
    `Debian ${release}`,
    ...(kernel === 'cloud' ? [] : [`${kernel} kernel`]),
    ...(extent === 'full' ? ['full'] : []),
  ].join(', ');
}

/** MiB of an image, and of the Debian tree that it is made from, which is in /var/tmp meanwhile. */
const room: Record<Extent, { image: number; tree: number }> = {
  small: { image: 700, tree: 1600 },
  full: { image: 1100, tree: 3000 },
};

async function build(image: RecipeImage, emit: Emit): Promise<void> {
  const start = performance.now();
  const draft = `${image.folder}.draft`;
  await removeTree(draft);
  await makePrivateFolder(draft);
  const needed = room[image.extent];
  await requireDisk({ [draft]: needed.image, '/var/tmp': needed.tree }, 'building a guest image');
  const made = { ...imageIn(draft, image.key, image.system), extent: image.extent };
  const log: string[] = [];
  try {
    await run('mmdebstrap', mmdebstrapArguments(made, await recipeScripts()), {
      // In a user namespace the tree belongs to other user IDs, which must be able to enter the folder.
      env: { TMPDIR: '/var/tmp', INITRD: 'No', DEBIAN_FRONTEND: 'noninteractive' },
      timeoutMs: 1_800_000,
      onLine: (line) => {
        log.push(line);
        const message = /^I: (.*)/.exec(line)?.[1];
        if (message) emit({ type: 'progress', stage: 'image', text: message });
        // A part could not be prepared. Labs work without it, but are slower.
        const warning = /^lab: (.*)/.exec(line)?.[1];
        if (warning) emit({ type: 'warning', text: `guest image: ${warning}` });
      },
    });
  } catch (error) {
    const file = await keepLog();
    if (!(error instanceof ProviderError)) throw error;
    throw new ProviderError('the guest image could not be built: mmdebstrap failed', {
      cause: 'Debian’s packages could not be downloaded, or the disk is full',
      tail: log.slice(-8).join('\n') || error.message,
      log: file,
      tryThis: 'lab doctor',
    });
  }
  const sizes = await sizesOf(imageFiles(draft));
  if (sizes.includes(0)) {
    throw new ProviderError('the guest image was built without kernel, initrd or root file system', {
      log: await keepLog(),
    });
  }
  const imprint: Imprint = {
    key: image.key,
    system: image.system,
    extent: image.extent,
    built: new Date().toISOString(),
    seconds: Math.round((performance.now() - start) / 1000),
    sizes,
    hashes: await hashesOf(imageFiles(draft)),
  };
  await writeState(join(draft, 'image.json'), imprint);
  await removeTree(image.folder);
  await rename(draft, image.folder);

  async function keepLog(): Promise<string> {
    const file = join(imagesFolder(), `${image.key}.log`);
    await writeWhole(file, log.join('\n'));
    return file;
  }
}

/**
 * These work as root and, for any other user, in a user namespace that cannot read this user's files: scripts are passed as text,
 * and files come out by mmdebstrap's own `download`.
 */
function mmdebstrapArguments(image: RecipeImage, { customize, site, init, box }: RecipeScripts): string[] {
  const hooks = [
    `cat > "$1/lab-init" <<'END_OF_INIT'\n${init}END_OF_INIT`,
    `cat > "$1/lab-box" <<'END_OF_BOX'\n${box}END_OF_BOX`,
    customize,
    ...(image.extent === 'full' ? [site] : []),
    `download /boot/lab-vmlinuz ${shellQuote(image.kernel)}`,
    `download /boot/lab-initrd ${shellQuote(image.initrd)}`,
    'rm -rf "$1"/boot/* "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*.bin "$1"/var/cache/apt/archives/*.deb',
    // A bind mount shows the tree without the /proc, /sys and /dev that mmdebstrap has mounted in it.
    `unshare --mount sh -euc 'mount --bind "$1" "$1/mnt"
      mkfs.erofs --quiet --exclude-path=root.erofs "$1/root.erofs" "$1/mnt"' sh "$1"`,
    `download /root.erofs ${shellQuote(image.root)}`,
  ];
  return [
    '--format=null',
    ...treeOptions(image.system, image.extent),
    ...hooks.map((command) => `--customize-hook=${command}`),
    codenames[image.system.release],
    '/dev/null',
  ];
}

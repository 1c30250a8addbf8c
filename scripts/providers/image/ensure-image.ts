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
  type Image,
  type Imprint,
  imageIn,
  imageOf,
  imagesFolder,
  isBuilt,
  partsIn,
  type RecipeScripts,
  recipeScripts,
} from './image.ts';
import { codenames, treeOptions } from './recipe.ts';

/** Builds the image unless it is built. If two commands run at the same time, one builds, and the other waits and says so. */
export async function ensureImage(system: GuestSystem, emit: Emit, { rebuild = false } = {}): Promise<Image> {
  const image = await imageOf(system);
  if (!rebuild && (await isBuilt(image))) return image;
  const lock = await takeLock(join(imagesFolder(), `${image.key}.lock`), {
    what: 'building the guest image',
    onWait: (holder) => emit({ type: 'note', text: `waiting for the guest image: ${holder}` }),
  });
  try {
    if (!rebuild && (await isBuilt(image))) return image;
    await stage(emit, 'image', `building the guest image, ${wordsOf(system)}`, () => build(image, emit));
    return image;
  } finally {
    lock.release();
  }
}

function wordsOf({ release, kernel }: GuestSystem): string {
  return `Debian ${release}${kernel === 'cloud' ? '' : `, ${kernel} kernel`}`;
}

/** MiB of an image, and of the Debian tree that it is made from, which is in /var/tmp meanwhile. */
const imageSize = 1100;
const treeSize = 3000;

async function build(image: Image, emit: Emit): Promise<void> {
  const start = performance.now();
  const draft = `${image.folder}.draft`;
  await removeTree(draft);
  await makePrivateFolder(draft);
  await requireDisk({ [draft]: imageSize, '/var/tmp': treeSize }, 'building a guest image');
  const made = imageIn(draft, image.key, image.system);
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
  const sizes = await sizesOf(partsIn(draft));
  if (sizes.includes(0)) {
    throw new ProviderError('the guest image was built without kernel, initrd or root file system', {
      log: await keepLog(),
    });
  }
  const imprint: Imprint = {
    key: image.key,
    system: image.system,
    built: new Date().toISOString(),
    seconds: Math.round((performance.now() - start) / 1000),
    sizes,
    hashes: await hashesOf(partsIn(draft)),
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
function mmdebstrapArguments(image: Image, { customize, init, box }: RecipeScripts): string[] {
  const hooks = [
    `cat > "$1/lab-init" <<'END_OF_INIT'\n${init}END_OF_INIT`,
    `cat > "$1/lab-box" <<'END_OF_BOX'\n${box}END_OF_BOX`,
    customize,
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
    ...treeOptions(image.system),
    ...hooks.map((command) => `--customize-hook=${command}`),
    codenames[image.system.release],
    '/dev/null',
  ];
}

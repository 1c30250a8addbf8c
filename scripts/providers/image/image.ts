import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ProviderError } from '../../errors.ts';
import { run } from '../../host/exec.ts';
import { hashesOf, makePrivateFolder, removeTree, sizesOf, writeWhole } from '../../host/files.ts';
import { takeLock } from '../../host/lock.ts';
import { cacheFolder, projectRoot } from '../../host/paths.ts';
import { requireDisk } from '../../host/room.ts';
import { readState, writeState } from '../../host/state-file.ts';
import type { GuestSystem } from '../../model/lab.ts';
import { shellQuote } from '../../render/shell-quote.ts';
import { type Emit, stage } from '../../report/events.ts';
import { codenames, recipeKey, treeOptions } from './recipe.ts';

/** A guest image: Debian's kernel, a small initrd, and a read-only root file system that all machines share. */
export interface Image {
  key: string;
  system: GuestSystem;
  folder: string;
  kernel: string;
  initrd: string;
  root: string;
}

/** What image.json, written last, says of a finished image. */
interface Imprint {
  key: string;
  system: GuestSystem;
  built: string;
  seconds: number;
  /** Bytes of kernel, initrd and root file system: a copy that a full disk cut short is told by them. */
  sizes: number[];
  /** SHA-256 of the same; images of earlier versions have none. */
  hashes?: string[];
}

/** The image that the recipe of today makes of a release and a kernel, built or not. */
export async function imageOf(system: GuestSystem): Promise<Image> {
  const { customize, init, box } = await recipeScripts();
  const key = `${systemName(system)}-${recipeKey(system, [customize, init, box])}`;
  return imageIn(join(imagesFolder(), key), key, system);
}

/** debian13, or debian13-generic */
export function systemName({ release, kernel }: GuestSystem): string {
  return `debian${release}${kernel === 'cloud' ? '' : `-${kernel}`}`;
}

interface RecipeScripts {
  customize: string;
  init: string;
  box: string;
}

async function recipeScripts(): Promise<RecipeScripts> {
  const text = (name: string) => readFile(join(projectRoot, 'templates/guest-image', name), 'utf8');
  return { customize: await text('customize.sh'), init: await text('init.sh'), box: await text('box.sh') };
}

export function imagesFolder(): string {
  return join(cacheFolder(), 'images');
}

function imageIn(folder: string, key: string, system: GuestSystem): Image {
  const [kernel = '', initrd = '', root = ''] = partsIn(folder);
  return { key, system, folder, kernel, initrd, root };
}

export async function isBuilt(image: Image): Promise<boolean> {
  const imprint = await readState<Imprint>(join(image.folder, 'image.json'));
  return imprint?.key === image.key && String(imprint.sizes) === String(await sizesOf(partsIn(image.folder)));
}

/** Whether the content of a finished image is another than what was made. */
export async function isImageDamaged(folder: string): Promise<boolean> {
  const imprint = await readState<Imprint>(join(folder, 'image.json'));
  return imprint?.hashes !== undefined && String(imprint.hashes) !== String(await hashesOf(partsIn(folder)));
}

function partsIn(folder: string): string[] {
  return ['vmlinuz', 'initrd', 'root.erofs'].map((name) => join(folder, name));
}

/** Builds the image unless it is there. Two at a time: one builds, the other waits and says so. */
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

/** MiB of an image, and of the Debian tree that it is made of, which lies in /var/tmp with it. */
const imageSize = 1100;
const treeSize = 3000;

async function build(image: Image, emit: Emit): Promise<void> {
  const start = performance.now();
  const draft = `${image.folder}.draft`;
  await removeTree(draft);
  await makePrivateFolder(draft);
  await requireDisk({ [draft]: imageSize, '/var/tmp': treeSize }, 'making a guest image');
  const made = imageIn(draft, image.key, image.system);
  const log: string[] = [];
  try {
    await run('mmdebstrap', mmdebstrapArguments(made, await recipeScripts()), {
      // Outside root's own namespaces the tree belongs to other user IDs, which must be able to reach it.
      env: { TMPDIR: '/var/tmp', INITRD: 'No', DEBIAN_FRONTEND: 'noninteractive' },
      timeoutMs: 1_800_000,
      onLine: (line) => {
        log.push(line);
        const message = /^I: (.*)/.exec(line)?.[1];
        if (message) emit({ type: 'progress', stage: 'image', text: message });
        // What the image does without, and labs are slower for.
        const warning = /^lab: (.*)/.exec(line)?.[1];
        if (warning) emit({ type: 'warning', text: `guest image: ${warning}` });
      },
    });
  } catch (error) {
    const file = await keepLog();
    if (!(error instanceof ProviderError)) throw error;
    throw new ProviderError(`the guest image could not be built: mmdebstrap failed`, {
      cause: "Debian's packages could not be fetched, or the disk is full",
      tail: log.slice(-8).join('\n') || error.message,
      log: file,
      tryThis: 'lab doctor',
    });
  }
  const sizes = await sizesOf(partsIn(draft));
  if (sizes.includes(0)) {
    throw new ProviderError('the guest image lacks its kernel, initrd or root file system', { log: await keepLog() });
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
 * The same whether mmdebstrap runs as root or, for any other user, in a user namespace that cannot read this user's
 * files: scripts go in as text, and files come out through mmdebstrap's own `download`.
 */
function mmdebstrapArguments(image: Image, { customize, init, box }: RecipeScripts): string[] {
  const hooks = [
    `cat > "$1/lab-init" <<'END_OF_INIT'\n${init}END_OF_INIT`,
    `cat > "$1/lab-box" <<'END_OF_BOX'\n${box}END_OF_BOX`,
    customize,
    `download /boot/lab-vmlinuz ${shellQuote(image.kernel)}`,
    `download /boot/lab-initrd ${shellQuote(image.initrd)}`,
    'rm -rf "$1"/boot/* "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*.bin "$1"/var/cache/apt/archives/*.deb',
    // A plain bind mount shows the tree without the /proc, /sys and /dev that mmdebstrap has mounted in it.
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

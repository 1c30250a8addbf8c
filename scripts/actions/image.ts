import { ExitCode } from '../errors.ts';
import type { Kernel, Release } from '../model/words.ts';
import { ensureImage } from '../providers/image/ensure-image.ts';
import { imageOf } from '../providers/image/image.ts';
import { imageParts } from '../providers/image/parts.ts';
import { looks, removeIfDamaged, removeUnlessMade } from '../providers/qemu/damage.ts';
import { addBox, ensureBox } from '../providers/vagrant/box.ts';
import { boxParts } from '../providers/vagrant/box-parts.ts';
import { requireVagrant } from '../providers/vagrant/probe.ts';
import { asTyped } from '../report/as-typed.ts';
import { columns } from '../report/columns.ts';
import { print, printJson, printText } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import type { Globals } from './globals.ts';
import { mib } from './mib.ts';
import { type Stored, storedImages, unfinished } from './stored-images.ts';

/** lab image build: builds the guest image of a release before a lab needs it. */
export async function build(
  options: { release: Release; kernel: Kernel; small: boolean; force: boolean; setup: boolean },
  globals: Globals,
): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const { prepareHost } = await import('./bring-up.ts');
  await prepareHost(imageParts, options.setup, screen.emit);
  const { small, force: rebuild } = options;
  const image = await imageOf(options, small ? 'small' : 'full');
  await ensureImage(image, screen.emit, { rebuild }).finally(() => screen.clear());
  if (globals.json) printJson({ schema: 'lvs-lab/image/1', key: image.key, folder: image.folder });
  else printText(`image ${image.key} is ready in ${image.folder}`);
  return ExitCode.ok;
}

/** lab image box: makes a Vagrant box for libvirt from the guest image, so that a class needs no download. */
export async function box(
  options: { release: Release; add: boolean; setup: boolean },
  globals: Globals,
): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const { prepareHost } = await import('./bring-up.ts');
  if (options.add) await requireVagrant();
  await prepareHost(boxParts, options.setup, screen.emit);
  const made = await ensureBox(options.release, screen.emit).finally(() => screen.clear());
  if (options.add) await addBox(made);
  if (globals.json) printJson({ schema: 'lvs-lab/image-box/1', ...made, added: options.add });
  else if (options.add)
    printText(`${made.name} ${made.version} is added; ${asTyped('lab run NAME --provider vagrant')} uses it`);
  else
    printText(`${made.name} ${made.version}: ${made.file}
add it with: vagrant box add ${made.catalogue}`);
  return ExitCode.ok;
}

/** lab image list */
export async function list(globals: Globals): Promise<number> {
  const stored = await storedImages();
  if (globals.json) printJson({ schema: 'lvs-lab/image-list/1', stored: stored.map((one) => ({ ...one })) });
  else if (stored.length === 0) printText(nothingStored);
  else print(storedText(stored));
  return ExitCode.ok;
}

/** lab image prune: removes images and templates of older recipes, or with --all everything that no machine uses. */
export async function prune(options: { all: boolean }, globals: Globals): Promise<number> {
  const stored = await storedImages();
  const doomed: Stored[] = [];
  for (const one of stored.filter(({ inUse, current }) => !inUse && (options.all || !current))) {
    if (await removeUnlessMade(one.folder)) doomed.push(one);
  }
  const freed = doomed.reduce((sum, { size }) => sum + size, 0);
  if (globals.json) printJson({ schema: 'lvs-lab/image-prune/1', removed: doomed.map(({ key }) => key), freed });
  else
    printText(
      doomed.length > 0 ? `removed ${doomed.map(({ key }) => key).join(', ')}: ${mib(freed)}` : 'nothing to remove',
    );
  return ExitCode.ok;
}

/** lab image check: compares images and templates with what was built, and removes damaged ones. */
export async function check(globals: Globals): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  screen.emit({ type: 'stage-start', stage: 'image', text: 'comparing images and templates with what was built' });
  // No machine runs from a build root.
  const stored = (await storedImages()).flatMap((one) => {
    return one.kind === 'build-root' || one.key.endsWith('.draft') ? [] : [{ ...one, kind: one.kind }];
  });
  const looked: { kind: string; key: string; damaged: boolean; removed: boolean; found: string }[] = [];
  for (const one of stored) {
    const { kind, key } = one;
    const lost = one.built === unfinished;
    const removed = !one.inUse && (await (lost ? removeUnlessMade(one.folder) : removeIfDamaged(kind, one.folder)));
    const damaged = lost || removed || (one.inUse && (await looks[kind](one.folder)));
    const whole = one.hashed ? 'undamaged' : 'sizes are right; an earlier version of lvs-lab stored no hashes';
    const found = !damaged
      ? whole
      : removed
        ? 'damaged: removed'
        : asTyped('damaged, and in use: lab down --all, then check again');
    looked.push({ kind, key, damaged, removed, found });
  }
  screen.clear();
  const ok = !looked.some(({ damaged }) => damaged);
  if (globals.json) printJson({ schema: 'lvs-lab/image-check/1', ok, looked });
  else if (looked.length === 0) printText(nothingStored);
  else
    print(
      columns(
        looked.map(({ kind, key, found }) => [kind, key, found]),
        { indent: '' },
      ),
    );
  return ok ? ExitCode.ok : ExitCode.checkFailed;
}

const nothingStored = asTyped('no image is built yet; lab image build builds one, and so does the first lab run');

/** A table of images and templates. */
export function storedText(stored: readonly Stored[]): string {
  return columns([['kind', 'key', 'built', 'size', ''], ...stored.map(rowOf)], { indent: '' });
}

function rowOf({ kind, key, built, size, inUse, current }: Stored): string[] {
  return [kind, key, built.slice(0, '2026-01-31'.length), mib(size), inUse ? 'in use' : current ? '' : 'out of date'];
}

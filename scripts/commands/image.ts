import { type Command, Option } from 'commander';
import { command, type Flags, group, runs } from '../cli/command.ts';
import { noSetup } from '../cli/options.ts';
import { wordOf } from '../cli/values.ts';
import { UsageError } from '../errors.ts';
import { type Kernel, kernels, type Release, releases } from '../model/words.ts';

const actions = () => import('../actions/image.ts');

export function grammar(lab: Command): void {
  const image = group(lab, 'image', 'build and manage the guest images that machines share');
  build(image);
  box(image);
  command(
    image,
    'list',
    'list the images, kernels, template machines and build roots in the cache',
    'lab image list',
  ).action(runs(async (globals, _: Flags) => (await actions()).list(globals)));
  command(image, 'check', 'find damaged images and templates, and remove them', 'lab image check').action(
    runs(async (globals, _: Flags) => (await actions()).check(globals)),
  );
  command(
    image,
    'prune',
    'remove images and templates that are out of date; kernels and build roots only with --all',
    'lab image prune',
    'lab image prune --all',
  )
    .option('--all', 'remove everything that no machine uses', false)
    .action(runs(async (globals, options: { all: boolean } & Flags) => (await actions()).prune(options, globals)));
}

function build(image: Command): void {
  command(
    image,
    'build',
    'build the image that any lab can use before a lab needs it',
    'lab image build',
    'lab image build --small',
    'lab image build --release 12',
  )
    .addOption(release())
    .addOption(
      new Option('--kernel <name>', `Debian’s kernel, ${kernels.join(' or ')}`)
        .argParser(wordOf(kernels, (word) => `there is no kernel ${word}`))
        .default('cloud'),
    )
    .option('--small', 'only what most labs need: directors, web servers, clients', false)
    .option('--force', 'build it again, with current packages', false)
    .addOption(noSetup())
    .action(
      runs(
        async (
          globals,
          options: { release: Release; kernel: Kernel; small: boolean; force: boolean; setup: boolean } & Flags,
        ) => (await actions()).build(options, globals),
      ),
    );
}

function box(image: Command): void {
  command(image, 'box', 'make a Vagrant box for libvirt from the image', 'lab image box', 'lab image box --add')
    .addOption(release())
    .option('--add', 'add the box to your Vagrant as well', false)
    .addOption(noSetup())
    .action(
      runs(async (globals, options: { release: Release; add: boolean; setup: boolean } & Flags) =>
        (await actions()).box(options, globals),
      ),
    );
}

function release(): Option {
  return new Option('--release <n>', `Debian release, ${releases.join(' or ')}`)
    .argParser((text) => {
      const found = releases.find((one) => String(one) === text);
      if (found !== undefined) return found;
      throw new UsageError(`--release: ${JSON.stringify(text)} is not ${releases.join(' or ')}`);
    })
    .default(13);
}

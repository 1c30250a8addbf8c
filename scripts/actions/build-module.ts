import { join, relative, resolve } from 'node:path';
import { ExitCode, UsageError } from '../errors.ts';
import { wantedKernel } from '../model/kernels.ts';
import { buildModule as build } from '../modules/build-module.ts';
import { buildParts } from '../modules/parts.ts';
import { findDebianKernel } from '../providers/kernels/ensure-kernel.ts';
import { print, printJson, screenWidth } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import { wrapLines } from '../report/wrap.ts';
import { prepareHost } from './bring-up.ts';
import type { Globals } from './globals.ts';

interface BuildOptions {
  kernel: string;
  /** The folder for the modules. */
  to?: string | undefined;
  setup: boolean;
}

/** Kernels are looked for in the build for this release first. */
const release = 13;

/** lab build-module SOURCE: builds IPVS, and says how a lab gets it. */
export async function buildModule(source: string, options: BuildOptions, globals: Globals): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  if (wantedKernel(options.kernel).by === 'release') {
    throw new UsageError(`--kernel: build-module needs a version, and ${options.kernel} is whichever the image has`, {
      tryThis: 'lab ssh NAME director uname -r, which prints it',
    });
  }
  await prepareHost(buildParts, options.setup, screen.emit);
  try {
    const kernel = await findDebianKernel(options.kernel, release, screen.emit);
    const to = resolve(options.to ?? join('modules', kernel.name));
    const { files, seconds } = await build(source, kernel, to, screen.emit);
    screen.clear();
    if (globals.json) {
      const { name, version, debian } = kernel;
      printJson({ schema: 'lvs-lab/build-module/1', kernel: { name, version, debian }, folder: to, files, seconds });
    } else print(builtText(kernel.name, relative('', to) || '.', files, seconds));
    return ExitCode.ok;
  } finally {
    screen.clear();
  }
}

function builtText(kernel: string, folder: string, files: readonly string[], seconds: number): string {
  const width = screenWidth(process.stdout);
  const said = `  ${files[0]} and ${files.length - 1} other modules for ${kernel} are in ${folder}/, after ${Math.round(seconds)} s`;
  return ['', wrapLines(said, width), ''].join('\n');
}

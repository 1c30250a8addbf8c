import { mkdtemp, readdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../scripts/host/exec.ts';
import { projectRoot } from '../scripts/host/paths.ts';
import { scaled } from './pace.ts';

/** The package as npm makes it, installed by npm into an empty folder. */
export interface Installed {
  /** Where a person would type `npm install` and `npx lab`. */
  folder: string;
  /** The kit's own folder below it. */
  kit: string;
  /** Paths of what the tarball holds. */
  files: string[];
}

/** Packs this checkout and installs the tarball. Neither asks a registry: the package has no dependencies. */
export async function installPackage(): Promise<Installed> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'lab-package-')));
  const npm = async (cwd: string, ...args: string[]) =>
    run('npm', args, { cwd, env: { npm_config_offline: 'true' }, timeoutMs: scaled(120_000) });
  const { stdout } = await npm(projectRoot, 'pack', '--json', '--silent', '--pack-destination', folder);
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  await npm(folder, 'install', '--no-audit', '--no-fund', `./${filename}`);
  const packages = (await readdir(join(folder, 'node_modules'))).filter((name) => !name.startsWith('.'));
  if (packages.join() !== 'lvs-lab') throw new Error(`npm installed ${packages.join(', ')}`);
  return { folder, kit: join(folder, 'node_modules/lvs-lab'), files: files.map(({ path }) => path).sort() };
}

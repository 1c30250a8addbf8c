import { chmod, cp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProviderError } from '../../errors.ts';
import { lastLines, run } from '../../host/exec.ts';
import { exists, makePrivateFolder, removeTree } from '../../host/files.ts';
import { type ArchivedFile, cpioOf } from './cpio.ts';
import { drivers, loadOrder, moduleName } from './drivers.ts';

/** Folders of modules that labs load: an emulated core takes half a second to unpack those of IPVS. As customize.sh has it. */
const plain = ['net', 'fs/nfs', 'fs/nfsd', 'fs/nfs_common', 'fs/lockd', 'fs/ocfs2'];

/** Programs that unpack modules, by the ending of their files. */
const unpackers: Record<string, string[]> = {
  xz: ['xz', '--decompress', '--threads=1'],
  zst: ['zstd', '--decompress', '--rm', '--quiet'],
  gz: ['gzip', '--decompress'],
};

/**
 * Makes modules.erofs, a layer for the guest image, and drivers.cpio, the part of the initrd that has modules.
 * @param modules folder of the modules; it stays as it is
 * @param draft where both are made
 */
export async function packLayer(name: string, modules: string, draft: string): Promise<void> {
  const layer = join(draft, 'layer');
  const packed = join(layer, 'usr', 'lib', 'modules', name);
  await makePrivateFolder(join(layer, 'usr', 'lib', 'modules'));
  await cp(modules, packed, { recursive: true, filter: (path) => !/\/(build|source|vmlinuz)$/.test(path) });
  await unpackAll(plain.map((folder) => join(packed, 'kernel', folder)));
  // depmod and modprobe look in /lib/modules or /usr/lib/modules, whichever their release has.
  await symlink('usr/lib', join(layer, 'lib'));
  await run('depmod', ['--basedir', layer, name]);
  const files = await driverFiles(name, layer);
  await writeFile(join(draft, 'drivers.cpio'), cpioOf(files));
  await removeTree(join(layer, 'lib'));
  await openFolders(layer);
  await run('mkfs.erofs', ['--quiet', '--all-root', join(draft, 'modules.erofs'), layer]);
}

/** An overlay takes a folder's mode from its topmost layer: programs that are not root must be able to enter /usr/lib. */
async function openFolders(layer: string): Promise<void> {
  for (const folder of ['.', 'usr', 'usr/lib', 'usr/lib/modules']) await chmod(join(layer, folder), 0o755);
}

/** Unpacks all modules in some folders. */
async function unpackAll(folders: readonly string[]): Promise<void> {
  const found: string[] = [];
  for (const folder of folders) {
    const files = await readdir(folder, { recursive: true }).catch(() => []);
    found.push(...files.map((file) => join(folder, file)));
  }
  for (const [ending, [program = '', ...options]] of Object.entries(unpackers)) {
    const packed = found.filter((file) => file.endsWith(`.ko.${ending}`));
    for (let at = 0; at < packed.length; at += 200) await run(program, [...options, ...packed.slice(at, at + 200)]);
  }
}

/** The modules that the initrd loads, unpacked, with names in the order in which it loads them. */
async function driverFiles(name: string, layer: string): Promise<ArchivedFile[]> {
  // Where the list of what is built in is missing, modules that are missing are taken for built in.
  const listed = await exists(join(layer, 'usr', 'lib', 'modules', name, 'modules.builtin'));
  const shown: string[] = [];
  for (const module of [...drivers.needed, ...drivers.useful]) {
    const { code, stdout, stderr } = await run(
      'modprobe',
      ['--dirname', layer, '--set-version', name, '--show-depends', module],
      {
        anyExitCode: true,
      },
    );
    if (code === 0) shown.push(stdout);
    else if (listed && drivers.needed.some((one) => one === module)) throw lacks(name, module, stderr);
  }
  return Promise.all(
    loadOrder(shown).map(async (file, at) => ({
      name: `${at + 10}-${moduleName(file)}.ko`,
      mode: 0o100644,
      bytes: await unpacked(file),
    })),
  );
}

function lacks(name: string, module: string, stderr: string): ProviderError {
  return new ProviderError(`kernel ${name} has no ${module}, neither built in nor as a module`, {
    cause: `machines of a lab need ${drivers.needed.join(', ')}`,
    tail: lastLines(stderr, 2),
  });
}

async function unpacked(file: string): Promise<Uint8Array> {
  const ending = /\.ko\.(\w+)$/.exec(file)?.[1];
  const [program, ...options] = (ending && unpackers[ending]) || [];
  if (!program) return readFile(file);
  const copy = `${file}.copy.ko.${ending}`;
  await cp(file, copy);
  await run(program, [...options, copy]);
  const bytes = await readFile(copy.slice(0, -`.${ending}`.length));
  await removeTree(copy.slice(0, -`.${ending}`.length));
  return bytes;
}

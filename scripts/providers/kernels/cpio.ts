/** A file of an archive. */
export interface ArchivedFile {
  name: string;
  mode: number;
  bytes: Uint8Array;
}

const directory = 0o040755;

/**
 * An archive in the format newc, as the kernel unpacks it at its start: buffer-format.rst ("initramfs buffer format"). Folders must
 * come before what is in them.
 */
export function cpioOf(files: readonly ArchivedFile[]): Buffer {
  return Buffer.concat([
    ...files.flatMap(entry),
    ...entry({ name: 'TRAILER!!!', mode: 0, bytes: Buffer.alloc(0) }, files.length),
  ]);
}

export function folderNamed(name: string): ArchivedFile {
  return { name, mode: directory, bytes: Buffer.alloc(0) };
}

function entry({ name, mode, bytes }: ArchivedFile, inode: number): Uint8Array[] {
  const fields = [inode + 1, mode, 0, 0, mode === directory ? 2 : 1, 0, bytes.length, 0, 0, 0, 0, name.length + 1, 0];
  const head = `070701${fields.map((one) => one.toString(16).padStart(8, '0')).join('')}${name}\0`;
  return [padded(Buffer.from(head, 'latin1')), padded(bytes)];
}

/** Each part begins at a multiple of four bytes. */
function padded(bytes: Uint8Array): Uint8Array {
  const rest = (4 - (bytes.length % 4)) % 4;
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(rest)]);
}

/** The content of a file in an archive; undefined where the archive lacks it. */
export function fileIn(archive: Buffer, wanted: string): Buffer | undefined {
  const field = (at: number, number: number) =>
    Number.parseInt(archive.toString('latin1', at + 6 + 8 * number, at + 14 + 8 * number), 16);
  for (let at = 0; archive.toString('latin1', at, at + 6) === '070701'; ) {
    const [size, length] = [field(at, 6), field(at, 11)];
    const name = archive.toString('latin1', at + 110, at + 110 + length - 1);
    const start = (at + 110 + length + 3) & ~3;
    if (name.replace(/^\.\//, '') === wanted) return archive.subarray(start, start + size);
    at = (start + size + 3) & ~3;
  }
  return undefined;
}

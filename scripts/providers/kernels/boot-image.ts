/**
 * The version in a kernel for x86, as uname -r prints it: Documentation/arch/x86/boot.rst, `kernel_version` at 0x20e. Undefined for
 * any other file.
 */
export function versionIn(image: Buffer): string | undefined {
  if (image.toString('latin1', 0x202, 0x206) !== 'HdrS') return undefined;
  const start = image.readUInt16LE(0x20e) + 0x200;
  return /^[\w.+~-]+/.exec(image.toString('latin1', start, start + 200))?.[0];
}

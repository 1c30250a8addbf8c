/**
 * The kernel that a module is for, as the kernel compares it: the field vermagic of its section .modinfo (kernel/module/main.c).
 * Undefined for a file that is no module.
 */
export function vermagicIn(module: Buffer): string | undefined {
  if (module.toString('latin1', 0, 4) !== '\x7fELF') return undefined;
  const start = module.indexOf('\0vermagic=');
  if (start < 0) return undefined;
  const text = start + '\0vermagic='.length;
  return module.toString('latin1', text, module.indexOf(0, text)).trim();
}

/** The kernel's name in a vermagic, as uname -r prints it: 6.12.94+deb13-cloud-amd64. */
export function kernelIn(vermagic: string): string {
  return vermagic.split(' ')[0] ?? '';
}

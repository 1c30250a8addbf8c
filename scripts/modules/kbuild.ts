/** The folder of all builds in a build root. */
export const buildsInside = '/build';

/**
 * The file that make reads before the sources' own Makefile. Headers of the sources count before those of the headers package,
 * whose folders are in LINUXINCLUDE: scripts/Makefile.lib of the kernel.
 * @param folder of the build, as it is called in the build root
 */
export function kbuildText(folder: string): string {
  return [
    `LINUXINCLUDE := -I${folder}/include -I${folder}/include/uapi $(LINUXINCLUDE)`,
    `include ${folder}/Makefile`,
    '',
  ].join('\n');
}

/**
 * What make is called with. Debugging symbols would take half of the time, and no machine reads them.
 * @param headers folder of the headers package
 */
export function makeArguments(headers: string, folder: string, jobs: number): string[] {
  const settings = ['CONFIG_DEBUG_INFO_BTF_MODULES=', 'KCFLAGS=-g0', `M=${folder}`];
  return ['make', '--no-print-directory', `--jobs=${jobs}`, '-C', headers, ...settings, 'modules'];
}

/** What make says that it does: `CC ip_vs_core.o` of `  CC [M]  /build/…/ip_vs_core.o`. */
export function progressIn(line: string): string | undefined {
  const [, what, file] = /^ {2}(CC|LD|MODPOST)(?: \[M\])? +(?:\S*\/)?(\S+)$/.exec(line) ?? [];
  return what && `${what} ${file}`;
}

/** The lines in which the compiler, the linker or modpost says what is wrong, with paths as the sources have them. */
export function mistakesIn(output: readonly string[], folder: string, most = 12): string[] {
  const lines = output.map((line) => line.replaceAll(`${folder}/`, ''));
  const first = lines.findIndex((line) => /\berror: |^ERROR: |: undefined reference|No rule to make target/.test(line));
  if (first < 0) return lines.filter((line) => /\*\*\* /.test(line)).slice(0, most);
  return lines
    .slice(first)
    .filter((line) => !/^make(\[\d+\])?: |^ {2}(CC|LD|AR|MODPOST) /.test(line))
    .slice(0, most);
}

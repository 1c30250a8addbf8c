import { shellQuote } from '../render/shell-quote.ts';

/**
 * A shell script that writes files into a folder and then becomes a command. It starts no program for that, which an emulated
 * machine is slow at. The braces make a shell read all of it before it begins, so a script that was cut off does nothing.
 * @param command as a line for the shell
 */
export function shellArchive(
  folder: string,
  files: readonly { file: string; text: string }[],
  command: string,
): string {
  const write = files.map(({ file, text }) => `printf %s ${shellQuote(text)} > ${shellQuote(`${folder}/${file}`)}`);
  const lines = ['set -e', 'umask 077', `mkdir -p ${shellQuote(folder)}`, ...write, 'umask 022'];
  return `{\n${lines.join('\n')}\nexec ${command} < /dev/null\n}\n`;
}

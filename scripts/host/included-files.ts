import { readdir } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { readGivenFile, UnreadableError } from './given-file.ts';

export interface TextFile {
  name: string;
  text: string;
}

/** The most files that one configuration may include. */
const most = 500;

/** include, and its variants with another letter, of keepalived.conf(5). */
const directive = /^[ \t]*include[rmwba]?[ \t]+([^#!\n]*[^#!\s])/gm;

/**
 * Reads the files that files include, and those that these include. A relative name counts from the folder of the file that has it.
 * @returns a function from a pattern and the file that has it to the files, or to why there are none
 */
export async function readIncluded(
  files: readonly TextFile[],
): Promise<(pattern: string, from: TextFile) => readonly TextFile[] | string> {
  const known = new Map<string, readonly TextFile[] | string>();
  const key = (pattern: string, { name }: TextFile) => `${dirname(name)}\n${withoutFolder(pattern)}`;
  const waiting = [...files];
  let count = 0;
  for (let file = waiting.shift(); file; file = waiting.shift()) {
    for (const [, pattern = ''] of file.text.matchAll(directive)) {
      if (known.has(key(pattern, file))) continue;
      const found =
        count > most
          ? `more than ${most} files`
          : await filesOf(isAbsolute(pattern) ? pattern : join(dirname(file.name), withoutFolder(pattern)));
      known.set(key(pattern, file), found);
      if (typeof found === 'string') continue;
      count += found.length;
      waiting.push(...found);
    }
  }
  return (pattern, from) => known.get(key(pattern, from)) ?? `there is no such file: ${pattern}`;
}

/** The text of a file with the included files in the place of the lines that include them; a line without a file stays. */
export function withIncluded(file: TextFile, included: Awaited<ReturnType<typeof readIncluded>>): string {
  return file.text.replace(directive, (line, pattern: string) => {
    const found = included(pattern, file);
    return typeof found === 'string' ? line : found.map((one) => withIncluded(one, included)).join('\n');
  });
}

/** keepalived's ${_PWD} is the folder of the file that has it. */
function withoutFolder(pattern: string): string {
  return pattern.replace(/^\$(_PWD|\{_PWD\})\//, '');
}

/** The files that fit a pattern with *, ? and [ ] as a shell has it, or why there are none. */
async function filesOf(pattern: string): Promise<TextFile[] | string> {
  const names = await namesOf(pattern);
  const files: TextFile[] = [];
  for (const name of names) {
    try {
      files.push({ name, text: await readGivenFile(name) });
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      return `${name}: ${error.message}`;
    }
  }
  return files.length > 0 ? files : `there is no such file: ${pattern}`;
}

async function namesOf(pattern: string): Promise<string[]> {
  const parts = pattern.split('/');
  let found = [parts[0] === '' ? '/' : '.'];
  for (const part of parts.filter(Boolean)) {
    const next = await Promise.all(found.map((folder) => entriesOf(folder, part)));
    found = next.flat().slice(0, most);
  }
  return found;
}

async function entriesOf(folder: string, part: string): Promise<string[]> {
  if (!/[*?[]/.test(part)) return [join(folder, part)];
  const fits = patternOf(part);
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => fits.test(name) && !(name.startsWith('.') && !part.startsWith('.')))
    .sort()
    .map((name) => join(folder, name));
}

function patternOf(part: string): RegExp {
  const source = part.replace(/\[[^\]]*\]|[*?]|[^*?[]+|\[/g, (piece) => {
    if (piece === '*') return '.*';
    if (piece === '?') return '.';
    return /^\[.+\]$/.test(piece)
      ? `[${piece.slice(1, -1).replace(/^!/, '^').replace(/[\\[]/g, '\\$&')}]`
      : piece.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  });
  try {
    return new RegExp(`^${source}$`, 's');
  } catch {
    return /^$/;
  }
}

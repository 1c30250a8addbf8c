import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unshareArguments } from '../namespaces.ts';

/** Writes down what it was called as and with. */
const recorder = (status: number) => `#!/usr/bin/dash
set -f
for word in "\${0##*/}" "$@"; do printf '%s\\0' "$word"; done >> /log
printf '\\n\\0' >> /log
exit ${status}
`;

/**
 * In namespaces and a root of their own, where there is dash and nothing else: whatever a script calls is the recorder
 * by another name, and what it writes is gone with the tmpfs. The folder is the first argument.
 */
const outside = `set -eu
mount -t tmpfs tmpfs "$1/root"
cd "$1/root"
mkdir -p usr bin dev etc run proc sys tmp var/lib root srv
mount --rbind -o ro /usr usr
for name in lib lib64; do if [ -L /$name ]; then ln -s "$(readlink /$name)" $name; elif [ -e /$name ]; then mkdir $name; mount --rbind -o ro /$name $name; fi; done
mkdir commands scripts
cp -P "$1/commands/"* commands/
cp "$1/scripts/"* scripts/
cp "$1/recorder" recorder
chmod +x recorder
: > dev/null; : > log
for script in $2; do timeout --signal KILL "$3" chroot . /usr/bin/env -i PATH=/commands /usr/bin/dash "/scripts/$script" > /dev/null 2>> errors < /dev/null || :; done
cp log "$1/log"
cp errors "$1/errors"
`;

/**
 * Runs scripts in a real dash, away from this computer; all that they call ends with `status`. Each is ended after some
 * seconds: many wait for what never comes here.
 * @throws Error when a script is none
 * @returns the words of each command that they called, the command's name first
 */
export async function callsOf(scripts: readonly string[], status: number, seconds: number): Promise<string[][]> {
  if (scripts.length === 0) return [];
  const folder = await mkdtemp(join(tmpdir(), 'lab-dash-'));
  const at = (...names: string[]) => join(folder, ...names);
  await Promise.all(['root', 'commands', 'scripts'].map((name) => mkdir(at(name))));
  const words = new Set(scripts.flatMap((text) => text.match(/[a-zA-Z_][\w.+-]*/g) ?? []));
  await Promise.all([...words].map((word) => symlink('/recorder', at('commands', word))));
  await Promise.all(scripts.map((text, index) => writeFile(at('scripts', `${index}`), text)));
  await writeFile(at('recorder'), recorder(status));
  const args = [...unshareArguments, 'sh', '-c', outside, 'sh', folder];
  try {
    await promisify(execFile)('unshare', [...args, scripts.map((_, index) => index).join(' '), `${seconds}`]);
  } catch (error) {
    await rm(folder, { recursive: true });
    throw error;
  }
  const log = await readFile(at('log'), 'utf8');
  const wrong = /.*(?:Syntax error|Unterminated).*/.exec(await readFile(at('errors'), 'utf8'))?.[0];
  await rm(folder, { recursive: true });
  if (wrong) throw new Error(`dash cannot read a script: ${wrong}`);
  const calls: string[][] = [[]];
  for (const word of log.split('\0').slice(0, -1)) {
    if (word === '\n') calls.push([]);
    else calls.at(-1)?.push(word);
  }
  return calls.slice(0, -1);
}

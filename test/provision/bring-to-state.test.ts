import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { exists, removeTree } from '../../scripts/host/files.ts';
import { bringToState } from '../../scripts/provision/bring-to-state.ts';
import { longestValue } from '../../scripts/state/longest.ts';
import type { StateEntry } from '../../scripts/state/state.ts';
import { tell } from '../../scripts/state/tell.ts';

const file = (key: string, value: string): StateEntry => ({ section: 'file', key, value });

async function folderFor(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-bring-'));
  t.teardown(() => removeTree(folder));
  return folder;
}

/** The hands of a machine that is this computer, and on which the kit reads some files. */
function handsFor(paths: readonly string[]) {
  const scripts: string[] = [];
  return {
    scripts,
    run: async (input: string) => {
      scripts.push(input);
      spawnSync('sh', ['-s'], { input });
    },
    read: async (): Promise<StateEntry[]> => {
      const found = await Promise.all(paths.map((path) => readFile(path, 'utf8').catch(() => undefined)));
      return found.flatMap((text, at) => (text === undefined ? [] : [file(paths[at] ?? '', text.replace(/\n$/, ''))]));
    },
  };
}

test('a file in folders that are not there is brought about', async (t) => {
  const path = join(await folderFor(t), 'some', 'folders', "it's new.conf");
  const hands = handsFor([path]);
  t.deepEqual(await bringToState('rs1', [file(path, '[Service]\nNice=5')], [], hands), []);
  t.is(await readFile(path, 'utf8'), '[Service]\nNice=5\n');
});

/** No argument of a program has more than 128 KiB (MAX_ARG_STRLEN of Linux), and quoting makes it longer. */
const long = "a line with 'quotes', $(commands), \\ and ‘more’\n".repeat(4000).slice(0, longestValue);

test('a file as long as a submission may have is brought about, and what comes after it', async (t) => {
  const folder = await folderFor(t);
  const [one, other] = [join(folder, 'long.conf'), join(folder, 'short.conf')];
  await writeFile(one, 'short');
  const hands = handsFor([one, other]);
  const wished = [file(one, long), file(other, 'a')];
  t.deepEqual(await bringToState('rs1', wished, [file(one, 'short')], hands), []);
  t.is(await readFile(one, 'utf8'), `${long}\n`);
  t.is(hands.scripts.length, 1);
});

test('nothing that a file says ends the command that writes it', async (t) => {
  const folder = await folderFor(t);
  const path = join(folder, 'x.conf');
  const hands = handsFor([path]);
  await bringToState('rs1', [file(path, 'a')], [], hands);
  const [mark = ''] = /lab-[0-9a-f]+/.exec(hands.scripts[0] ?? '') ?? [];
  const hostile = `${mark}\necho > ${folder}/made\n${mark}\n'\n} < /dev/null\nEOF`;
  t.deepEqual(await bringToState('rs1', [file(path, hostile)], [file(path, 'a')], hands), []);
  t.is(await readFile(path, 'utf8'), `${hostile}\n`);
  t.false(await exists(join(folder, 'made')));
});

test('a command that fails stops none after it', async (t) => {
  const folder = await folderFor(t);
  await writeFile(join(folder, 'a file'), '');
  const paths = [join(folder, 'a file', 'below'), join(folder, 'good')];
  const left = await bringToState(
    'rs1',
    paths.map((path) => file(path, 'a')),
    [],
    handsFor(paths),
  );
  t.deepEqual(
    left.map(({ key }) => key),
    [paths[0]],
  );
});

test('a daemon that does not start again leaves the file with its mode', async (t) => {
  const path = join(await folderFor(t), 'etc', 'systemd', 'x.service.d', 'y.conf');
  const mode: StateEntry = { section: 'mode', key: path, value: `600 ${process.getuid?.()}:${process.getgid?.()}` };
  const [told] = tell('rs1', [file(path, 'a'), mode], []);
  spawnSync('sh', ['-s'], { input: (told?.undo ?? '').replaceAll('systemctl', 'false') });
  t.is((await stat(path)).mode & 0o777, 0o600);
});

test('people are told no command that nobody would type', (t) => {
  const [told] = tell('rs1', [file('/etc/hosts', 'x'.repeat(4000))], []);
  t.is(told?.undo, undefined);
});

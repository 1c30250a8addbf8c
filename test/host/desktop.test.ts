import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import test from 'ava';
import { openOnDesktop } from '../../scripts/host/desktop.ts';
import { exists } from '../../scripts/host/files.ts';

test.serial(
  'a browser that runs until it is closed is not waited for; without a desktop none is started',
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'lab-desktop-'));
    const [begun, close, closed] = ['begun', 'close', 'closed'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const program = join(folder, 'xdg-open');
    const text = `#!/bin/sh\necho "$1" >${begun}\nwhile [ ! -e ${close} ]; do sleep 0.05; done\n: >${closed}\n`;
    await writeFile(program, text);
    await chmod(program, 0o700);
    const { PATH, DISPLAY, WAYLAND_DISPLAY } = process.env;
    t.teardown(() =>
      Object.assign(process.env, { PATH, ...(DISPLAY && { DISPLAY }), ...(WAYLAND_DISPLAY && { WAYLAND_DISPLAY }) }),
    );
    process.env.PATH = [folder, PATH].join(delimiter);
    delete process.env.DISPLAY;
    delete process.env.WAYLAND_DISPLAY;
    await openOnDesktop('/tmp/page.html', join(folder, 'log'));
    process.env.DISPLAY = ':7';
    await openOnDesktop('/tmp/other.html', join(folder, 'log'));
    t.false(await exists(closed));
    const has = async (file: string) => {
      while (!(await exists(file))) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await has(begun);
    await writeFile(close, '');
    await has(closed);
    t.regex(await readFile(begun, 'utf8'), /other/);
  },
);

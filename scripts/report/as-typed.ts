import { realpathSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { commands } from '../commands/index.ts';
import { projectRoot } from '../host/paths.ts';

/** `lab` where it is the program: in "lab up", but not in "lab dr". */
const program = new RegExp(`(?<![\\w./-]|npx )lab (?=(?:${[...Object.keys(commands), 'help'].join('|')})\\b)`, 'g');

/**
 * A hint with its commands as they can be typed where this process runs: where the kit is, a shell knows `lab` only after `npm link`
 * or `npm install --global`, and `npx lab` needs neither.
 */
export function asTyped(hint: string, where: Where = {}): string {
  return hint.replace(program, () => `${programName(where)} `);
}

/** From here on downwards npx finds the kit: its own folder, or the one that it was installed in. */
const home = projectRoot.replace(/\/node_modules\/.*$/, '');

interface Where {
  path?: string;
  folder?: string;
}

/** What the kit is called by where this process runs: `lab` or `npx lab`. */
export function programName({ path = process.env.PATH ?? '', folder = process.cwd() }: Where = {}): string {
  return isWithin(home, folder) && !isOnPath(path) ? 'npx lab' : 'lab';
}

function isWithin(root: string, folder: string): boolean {
  return !relative(root, folder).startsWith('..');
}

/** Whether what a shell finds as `lab` is this kit's: others have a program of that name. npx and npm lend folders of theirs. */
function isOnPath(path: string): boolean {
  const folders = path.split(delimiter).filter((folder) => folder && !folder.endsWith('node_modules/.bin'));
  for (const folder of folders) {
    try {
      return realpathSync(join(folder, 'lab')) === realpathSync(join(projectRoot, 'bin/lab.js'));
    } catch {
      // not in this folder
    }
  }
  return false;
}

import { realpathSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { commands } from '../commands/index.ts';
import { projectRoot } from '../host/paths.ts';

/** `lab` as the name of the program: in "lab up", not in "lab dr". */
const program = new RegExp(`(?<![\\w./-]|npx )lab (?=(?:${[...Object.keys(commands), 'help'].join('|')})\\b)`, 'g');

/**
 * Writes the commands of a text as they can be typed in the current folder. `lab up dr` becomes `npx lab up dr` where npx finds the
 * kit and the shell does not: nobody ran `npm link` or `npm install --global`.
 */
export function asTyped(hint: string, where: Where = {}): string {
  return hint.replace(program, () => `${programName(where)} `);
}

/** npx finds the kit in this folder and all folders below it. It is the kit's folder, or the folder that it was installed in. */
const home = projectRoot.replace(/\/node_modules\/.*$/, '');

interface Where {
  path?: string;
  folder?: string;
}

/** The words that start the kit in the current folder: `lab` or `npx lab`. */
export function programName({ path = process.env.PATH ?? '', folder = process.cwd() }: Where = {}): string {
  return isWithin(home, folder) && !isOnPath(path) ? 'npx lab' : 'lab';
}

function isWithin(root: string, folder: string): boolean {
  return !relative(root, folder).startsWith('..');
}

/** Whether a shell finds this kit as `lab`, and no other program of that name. Folders that npx and npm add to PATH do not count. */
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

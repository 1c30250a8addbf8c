import { realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { projectRoot } from '../host/paths.ts';

const commands =
  /(?<![\w./-]|npx )lab (?=(?:run|up|verify|down|status|list|ssh|rules|stats|connections|import|simulate|render|reset|doctor|image)\b)/g;

/** Commands of the kit in a text for a person, so that they can be typed here: a shell knows `lab` only after `npm link`. */
export function asTyped(text: string, path = process.env.PATH ?? ''): string {
  return text.replace(commands, isOnPath(path) ? 'lab ' : 'npx lab ');
}

/** Whether what a shell finds as `lab` is this kit's: others have a program of that name. */
function isOnPath(path: string): boolean {
  for (const folder of path.split(delimiter)) {
    try {
      if (folder) return realpathSync(join(folder, 'lab')) === realpathSync(join(projectRoot, 'bin/lab.js'));
    } catch {
      // not in this folder
    }
  }
  return false;
}

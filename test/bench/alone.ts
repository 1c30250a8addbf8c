import { join } from 'node:path';
import type { Wish } from './arguments.ts';
import { report } from './document.ts';
import { inFreshFolder } from './folder.ts';
import { measure } from './measure.ts';
import { Side } from './side.ts';
import { describeCheckout } from './worktree.ts';

/** npm run bench: how long things take on this computer. */
export function alone(wish: Wish): Promise<number> {
  return inFreshFolder(async (folder) => {
    const compared = { ours: await describeCheckout() };
    const ours = new Side('ours', join(folder, 'ours'));
    await measure([ours], wish);
    return report([ours], wish, { compared });
  });
}

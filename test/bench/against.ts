import { join } from 'node:path';
import { say } from '../../scripts/report/output.ts';
import type { Wish } from './arguments.ts';
import { report } from './document.ts';
import { inFreshFolder } from './folder.ts';
import { againstGoals } from './goals.ts';
import { measure, needsTemplates } from './measure.ts';
import { Failed, Side } from './side.ts';
import { addWorktree, describeCheckout, describeCommit, removeWorktree } from './worktree.ts';

/** npm run bench -- --against COMMIT: this checkout and another commit, on the same computer, in turns. */
export async function against(wish: Wish): Promise<number> {
  const compared = { ours: await describeCheckout(), theirs: await describeCommit(wish.commit) };
  return inFreshFolder(async (folder) => {
    const project = join(folder, 'worktree');
    try {
      await addWorktree(wish.commit, project);
      const ours = new Side('ours', join(folder, 'ours'));
      let theirs = new Side('theirs', join(folder, 'theirs'), { project });
      if (needsTemplates(wish.rows) && !(await haveOneImage(ours, theirs))) {
        say('  theirs: another image than ours, so a cache folder of its own');
        theirs = theirs.with({ XDG_CACHE_HOME: join(folder, 'cache') });
      }
      await measure([ours, theirs], wish);
      return report([ours, theirs], wish, { compared, goals: againstGoals });
    } finally {
      await removeWorktree(project);
    }
  });
}

/** Whether both would use the same guest images, so that they can share the user's cache. */
async function haveOneImage(ours: Side, theirs: Side): Promise<boolean> {
  say('  ours: making the image where it is missing');
  await ours.run('image', 'build');
  const [own, others] = [await currentImages(ours), await currentImages(theirs)];
  return own.length > 0 && own.every((key) => others.includes(key));
}

/** Keys of images in the cache that this side's recipe would make again; none where it has no such list. */
async function currentImages(side: Side): Promise<string[]> {
  try {
    const { stored } = await side.run<{ stored: { kind: string; key: string; current: boolean }[] }>('image', 'list');
    return stored.flatMap(({ kind, key, current }) => (kind === 'image' && current ? key : []));
  } catch (error) {
    if (error instanceof Failed) return [];
    throw error;
  }
}

/** What `git bisect good`, `bad` or `skip` says. */
export type BisectStep =
  /** The commit that comes next is BISECT_HEAD. */
  | { kind: 'next' }
  | { kind: 'found'; commit: string }
  /** Only commits that were skipped are left; the first one with the newer state is one of these. */
  | { kind: 'skipped'; commits: string[] };

/** Understands the output of git-bisect(1). */
export function readBisect(output: string): BisectStep {
  const [, first] = /^([0-9a-f]{40,64}) is the first bad commit$/m.exec(output) ?? [];
  if (first) return { kind: 'found', commit: first };
  if (/only 'skip'ped commits left to test/.test(output)) {
    return { kind: 'skipped', commits: [...output.matchAll(/^([0-9a-f]{40,64})$/gm)].map(([, one = '']) => one) };
  }
  return { kind: 'next' };
}

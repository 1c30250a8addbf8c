import type { Plan } from '../../plan/plan.ts';
import { siteRoot } from '../../plan/site.ts';
import { listed, namesOf } from '../check.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { type Hint, up } from '../hint.ts';
import { siteUnits, stoppedUnit } from '../looks/site-units.ts';
import type { Observations } from '../observations.ts';
import { siteMount } from './look.ts';

/** Each machine that needs the site's files mounts them from the planned place, and does so again after a reboot. */
const judge: Judge = (plan, seen) => {
  const { site } = plan;
  if (!site || site.mounts.length === 0) return [];
  const { nfs, mounts } = site;
  const wrong = wrongMounts(plan, seen);
  const down = nfs ? stoppedUnit(seen.of(siteUnits, nfs), 'nfs-server') : undefined;
  const ok = wrong.length === 0 && !down;
  const from = nfs ?? 'the shared disk';
  const nodes = mounts.map(({ node }) => node).join(', ');
  return [
    {
      title: `the site's files are mounted from ${from}, and in fstab`,
      ok,
      expected: `${nfs ? 'mounted' : 'OCFS2'} on ${nodes}`,
      observed: ok
        ? nodes
        : [
            ...(down ? [`${nfs}: ${down} does not run`] : []),
            ...wrong.map(({ node, what }) => `${node}: ${what}`),
          ].join('; '),
      ...(!ok && {
        hint: down ? serverHint(nfs ?? '') : mountHint(plan, namesOf(wrong)),
      }),
    },
  ];
};

function wrongMounts({ site }: Plan, seen: Observations): { node: string; what: string }[] {
  return (site?.mounts ?? []).flatMap(({ node, source }) => {
    const found = seen.of(siteMount, node);
    if (!found.source) return [{ node, what: 'not mounted' }];
    const right = site?.nfs ? found.source === source : found.type === 'ocfs2';
    if (!right) return [{ node, what: `${found.source} (${found.type})` }];
    if (!found.readable) return [{ node, what: `${found.source} does not answer` }];
    return found.inFstab ? [] : [{ node, what: 'mounted, but not in fstab' }];
  });
}

function serverHint(nfs: string): Hint {
  return {
    cause: `the NFS server does not run on ${nfs}: a program that reads a file waits`,
    commands: [{ on: nfs, run: 'systemctl start nfs-server' }],
    see: [],
  };
}

function mountHint(plan: Plan, nodes: readonly string[]): Hint {
  return {
    cause: `the site's files are not as planned on ${listed(nodes)}`,
    commands: [up(plan), ...nodes.slice(0, 1).map((on) => ({ on, run: `findmnt ${siteRoot}` }))],
    see: [],
  };
}

/** Whether the site's files are there: without them PHP has nothing to run. */
export function filesStand(plan: Plan, seen: Observations): boolean {
  return judge(plan, seen).every(({ ok }) => ok);
}

export const siteFiles: CheckKind = {
  id: 'site-files',
  about:
    'a web site whose files are shared: each machine that needs them mounts them from the NFS server or the shared disk',
  faults: ['nfs-server-down', 'site-files-unmounted'],
  looks: [siteMount, siteUnits],
  judge,
};

import { siteRoot } from '../plan/site.ts';
import type { Fault } from './fault.ts';
import { sh } from './sh.ts';
import { exactly, gone } from './sign.ts';

export const siteFilesUnmounted: Fault = {
  id: 'site-files-unmounted',
  family: 'application',
  title: 'a machine has not mounted the files of the site',
  cause: 'Its web server, or PHP, finds an empty folder.',
  sign: gone('mount', exactly(siteRoot)),
  places: ({ lab, site }) =>
    (site?.mounts ?? []).map(({ node }) => ({
      name: node,
      nodes: [node],
      make: [{ on: node, run: sh`if mountpoint -q ${siteRoot}; then umount ${siteRoot}; fi` }],
      witness: { on: node, run: sh`! ls ${siteRoot}/.complete-* > /dev/null 2>&1` },
      symptom: { kind: 'site fails' },
      check: { id: 'site-files', hint: [node, `up ${lab}`] },
    })),
};

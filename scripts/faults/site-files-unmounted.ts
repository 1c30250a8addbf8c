import { siteRoot } from '../plan/site.ts';
import type { Fault } from './fault.ts';
import { sh } from './sh.ts';

export const siteFilesUnmounted: Fault = {
  id: 'site-files-unmounted',
  title: 'a machine has not mounted the files of the site',
  cause: 'Its web server, or PHP, finds an empty folder.',
  places: ({ lab, site }) =>
    (site?.mounts ?? []).map(({ node }) => ({
      name: node,
      make: [{ on: node, run: sh`if mountpoint -q ${siteRoot}; then umount ${siteRoot}; fi` }],
      symptom: { kind: 'site fails' },
      check: { id: 'site-files', hint: [node, `up ${lab}`] },
    })),
};

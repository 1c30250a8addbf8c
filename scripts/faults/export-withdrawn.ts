import { siteRoot } from '../plan/site.ts';
import type { Fault } from './fault.ts';
import { sh } from './sh.ts';
import { changed, gone, without } from './sign.ts';

export const exportWithdrawn: Fault = {
  id: 'export-withdrawn',
  family: 'application',
  title: 'the NFS server runs but exports nothing',
  cause: 'Machines that have mounted the files get the error "stale file handle", or hang.',
  sign: without(changed('file', /\/etab$/, { before: /./, after: /^$/ }), gone('process', /^nfsd/)),
  places: ({ site }) => {
    const [mount] = site?.mounts ?? [];
    if (!site?.nfs || !mount) return [];
    return [
      {
        name: site.nfs,
        nodes: [site.nfs],
        make: [{ on: site.nfs, run: 'exportfs -ua && exportfs -f' }],
        mend: [{ on: site.nfs, run: 'exportfs -ra' }],
        // statfs(2) always asks the server.
        witness: { on: mount.node, run: sh`! timeout -s KILL 10 stat -f ${siteRoot} > /dev/null 2>&1` },
        symptom: { kind: 'site fails' },
      },
    ];
  },
};

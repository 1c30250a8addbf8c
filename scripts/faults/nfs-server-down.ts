import type { Fault } from './fault.ts';
import { changed, gone, leadsTo } from './sign.ts';
import { nobodyListens } from './witness.ts';

export const nfsServerDown: Fault = {
  id: 'nfs-server-down',
  family: 'daemon',
  title: 'the NFS server is stopped',
  cause: 'The NFS mount is a hard mount, so a program that reads a file of the site waits until the server is back.',
  // nfs-server.service withdraws the exports when it stops.
  sign: leadsTo(gone('process', /^nfsd/), changed('file', /\/etab$/, { after: /^$/ })),
  places: ({ site }) =>
    site?.nfs
      ? [
          {
            name: site.nfs,
            nodes: [site.nfs],
            make: [{ on: site.nfs, run: 'systemctl stop nfs-server' }],
            witness: nobodyListens(site.nfs, { protocol: 'tcp', port: 2049 }),
            symptom: { kind: 'site fails' },
            check: { id: 'site-files', hint: [`${site.nfs} -- systemctl start nfs-server`] },
          },
        ]
      : [],
};

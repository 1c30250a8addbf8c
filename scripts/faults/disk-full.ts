import { siteRoot } from '../plan/site.ts';
import type { Fault } from './fault.ts';
import { sh } from './sh.ts';
import { added, escaped } from './sign.ts';

export const diskFull: Fault = {
  id: 'disk-full',
  family: 'daemon',
  title: 'the disk of a server of the web site is full',
  cause: 'Pages can be read. Nothing new can be written: no upload, no post.',
  sign: added('disk', new RegExp(`^${escaped(siteRoot.replace(/\/[^/]*$/, ''))}`)),
  places: ({ site, nodes }) => {
    const withDisk = nodes.filter(({ disk, name }) => disk === name).map(({ name }) => name);
    const servers = [...new Set([site?.nfs, site?.mysql])].filter((node) => typeof node === 'string');
    return servers
      .filter((node) => withDisk.includes(node))
      .map((node) => {
        const folder = siteRoot.replace(/\/[^/]*$/, '');
        const file = `${folder}/core.1`;
        // Files from large to small fill the disk: the free space that df shows leaves out what the file system needs for itself.
        const fill = sh`i=0; for size in 64M 8M 1M 64K 4K; do while i=$((i + 1)) && fallocate -l "$size" ${`${file}.`}"$i" 2> /dev/null; do :; done; done; rm -f ${`${file}.`}"$i"`;
        return {
          name: node,
          nodes: [node],
          make: [{ on: node, run: fill }],
          mend: [{ on: node, run: sh`rm -f ${`${file}.`}*` }],
          witness: {
            on: node,
            run: sh`! { dd if=/dev/zero of=${`${folder}/core.0`} bs=100k count=1 conv=fsync 2> /dev/null; }; code=$?; rm -f ${`${folder}/core.0`}; exit "$code"`,
          },
          symptom: { kind: 'site fails' },
        };
      });
  },
};

import { siteRoot } from '../../plan/site.ts';
import type { Look } from '../looks/look.ts';
import { sections } from '../looks/sections.ts';

/** How a machine has mounted the files of the web site. */
export interface MountSeen {
  /** `172.16.10.20:/`; empty where nothing is mounted. */
  source: string;
  /** `nfs4` */
  type: string;
  /** Whether /etc/fstab has a line for it. */
  inFstab: boolean;
  /** Whether the file system answers within 20 seconds. */
  readable: boolean;
}

export const siteMount: Look<MountSeen> = {
  name: 'sitemount',
  about: 'findmnt, /etc/fstab and statfs(2) of the web site’s folder, on each machine that mounts it',
  on: ({ site }, { name }) => (site?.mounts.some(({ node }) => node === name) ? { root: siteRoot } : undefined),
  templates: { beside: 'checks/site-files/mount' },
  parse: (printed) => parseMount(printed.in('beside')),
};

export function parseMount(text: string): MountSeen {
  const part = sections(text);
  const [source = '', type = ''] = (part.get('mount') ?? '').trim().split(/\s+/);
  const line = (name: string) => (part.get(name) ?? '').trim();
  return { source, type, inFstab: line('fstab') !== '', readable: line('readable') === 'yes' };
}

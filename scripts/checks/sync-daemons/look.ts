import type { Look } from '../looks/look.ts';

/** The sync daemons of each of two directors: `master` → `mcast=eth0, syncid=1, …`. */
export const daemons: Look<Map<string, string>> = {
  name: 'daemons',
  about: 'ipvsadm -l --daemon on both directors',
  on: ({ backup }, { role }) => (backup && role === 'director' ? {} : undefined),
  templates: { after: 'checks/sync-daemons/list' },
  parse: (printed) => parseDaemons(printed.in('after')),
};

/** `master sync daemon (mcast=eth0, syncid=1, maxlen=1472, …)` */
export function parseDaemons(text: string): Map<string, string> {
  const found = text.matchAll(/^(\w+) sync daemon \((.*)\)$/gm);
  return new Map([...found].map(([, state = '', what = '']) => [state, what]));
}

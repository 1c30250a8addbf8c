import type { Look } from '../looks/look.ts';

/** The VRRP state of each of two directors: `MASTER`, `BACKUP`, `FAULT`; undefined when keepalived does not run. */
export const vrrpState: Look<string | undefined> = {
  name: 'vrrp',
  about: 'the state in the data that keepalived dumps, on both directors',
  on: ({ backup }, { role }) => (backup && role === 'director' ? {} : undefined),
  templates: { after: 'checks/vrrp/state' },
  parse: (printed) => /State = (\w+)/.exec(printed.in('after'))?.[1],
};

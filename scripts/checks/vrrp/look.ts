import type { Look } from '../looks/look.ts';

/** What keepalived takes a director for, of two: `MASTER`, `BACKUP`, `FAULT`; undefined when it does not run. */
export const vrrpState: Look<string | undefined> = {
  name: 'vrrp',
  about: 'the state in keepalived’s own data on both directors',
  on: ({ backup }, { role }) => (backup && role === 'director' ? {} : undefined),
  templates: { after: 'checks/vrrp/state' },
  parse: (printed) => /State = (\w+)/.exec(printed.in('after'))?.[1],
};

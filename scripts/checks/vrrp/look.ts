import type { Look } from '../looks/look.ts';

/** The states of the VRRP instances of each of two directors: `MASTER`, `BACKUP`, `FAULT`; none when keepalived does not run. */
export const vrrpStates: Look<string[]> = {
  name: 'vrrp',
  about: 'the states in the data that keepalived dumps, on both directors',
  on: ({ backup }, { role }) => (backup && role === 'director' ? { instances: backup.gateway ? 2 : 1 } : undefined),
  templates: { after: 'checks/vrrp/state' },
  parse: (printed) => [...printed.in('after').matchAll(/State = (\w+)/g)].map(([, state = '']) => state),
};

import type { Lab, RealServer } from '../model/lab.ts';
import { networkOf, networksOf } from '../model/network-of.ts';
import type { ClockClient } from './plan.ts';
import type { Step } from './scripts.ts';

/** Programs that keep clocks right, each with the Debian package that has it. */
export function clockPrograms({ clock }: Lab): Record<string, string> {
  return clock ? { chronyd: 'chrony' } : {};
}

/** The real servers that take the time from the director, each with the director's address in its network, else the front one. */
export function clockClients({ clock, realServers, networks, director }: Lab): ClockClient[] {
  if (!clock) return [];
  return realServers
    .filter(({ local }) => !local)
    .map(({ name, mode }) => ({
      node: name,
      source: (networkOf(mode, networks) === 'back' && director.back) || director.front,
    }));
}

/** The director serves its time to the networks of real servers. */
export function clockServerScripts({ clock, realServers, networks }: Lab): Step[] {
  if (!clock) return [];
  const places = networksOf(realServers, networks).map((place) => networks[place]);
  return [{ template: 'director/clock', context: { networks: places } }];
}

export function clockClientScripts(lab: Lab, { name }: RealServer): Step[] {
  return clockClients(lab)
    .filter(({ node }) => node === name)
    .map(({ source }) => ({ template: 'real-server/clock', context: { source } }));
}

import type { PlannedService } from '../plan/plan.ts';
import type { Followed } from './followed.ts';

/** The real server that packets of the request reached; undefined when they reached none. */
export function chosenServer({ destinations }: PlannedService, { packets }: Followed): string | undefined {
  const reached = packets.filter(({ way }) => way === 'there').flatMap(({ hops }) => hops.map(({ to }) => to));
  const forwarded = destinations.find(({ local, server }) => !local && reached.includes(server));
  if (forwarded) return forwarded.server;
  const own = destinations.find(({ local }) => local);
  const isOwn = packets.some(({ way, hops }) => way === 'back' && hops[0].from === own?.server);
  return isOwn ? own?.server : undefined;
}

/** The director that the client's packets went to. */
export function usedDirector(directors: readonly string[], { packets }: Followed): string | undefined {
  const reached = packets.filter(({ way }) => way === 'there').map(({ hops }) => hops[0].to);
  return directors.find((name) => reached.includes(name));
}

import { sections } from '../../checks/looks/sections.ts';
import type { LoadRequest } from '../shared/load-requests.ts';

/** What the client saw of its connections and of the VIP at one moment. */
export interface ClientLook {
  /** The client's uptime in seconds. */
  at: number;
  /** How many of the open connections answer. */
  answering: number;
  /** The VIP's MAC in the client's neighbour table. */
  neighbour: string | undefined;
  /** MACs that have sent gratuitous ARP for any address since the drill began, one for each packet. */
  announced: string[];
}

/** A move of the VIP from one director to the other. Times are the client's uptime in seconds. */
export interface Move {
  /** The director that must have the VIP afterwards. */
  to: string;
  /** Whether it got the VIP in time. */
  moved: boolean;
  from: number;
  until: number;
  /** How many of the open connections answer afterwards. */
  answering: number;
  /** The VIP's MAC in the client's neighbour table afterwards. */
  neighbour: string | undefined;
  /** MACs that sent gratuitous ARP during the move, one for each packet. */
  announced: string[];
}

/** What was seen while the active director went away and came back. */
export interface FailoverSeen {
  /** How many connections the client opened. */
  opened: number;
  /** How many of them the backup knew before the first move. */
  known: number;
  /** To the backup and back again: the active director loses its power, its link, its keepalived. */
  powerCut: [Move, Move];
  linkDown: [Move, Move];
  keepalivedStopped: [Move, Move];
  /** To the backup, without sync daemons. */
  withoutSync: Move;
  /** Back again without sync daemons, but with sloppy_tcp and the scheduler mh; undefined where health checks keep the table. */
  withHash: Move | undefined;
  requests: LoadRequest[];
}

/** Parses the output of ask-held.hbs. */
export function parseLook(text: string): ClientLook {
  const part = sections(text);
  const number = (name: string) => Number(part.get(name)?.trim() ?? 0);
  const macs = (part.get('announced') ?? '').matchAll(/^\S+ ([0-9a-f:]{17}) > /gm);
  return {
    at: number('now'),
    answering: number('held'),
    neighbour: /lladdr ([0-9a-f:]{17})/.exec(part.get('neighbour') ?? '')?.[1],
    announced: [...macs].map(([, mac = '']) => mac),
  };
}

/** Seconds without service during a move: the longest time between two answers, of which the first came during the move. */
export function secondsWithout(
  requests: readonly LoadRequest[],
  { from, until }: Pick<Move, 'from' | 'until'>,
): number {
  const answered = requests.filter(({ server }) => server !== undefined);
  const gaps = answered.flatMap(({ end }, at) => {
    const next = answered[at + 1]?.end ?? requests.at(-1)?.end ?? end;
    return end >= from && end < until ? [next - end] : [];
  });
  // Without any answer during the move, all of it was without service.
  return gaps.length > 0 ? Math.max(...gaps) : until - from;
}

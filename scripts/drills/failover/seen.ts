import { sections } from '../../checks/looks/sections.ts';
import type { LoadRequest } from '../shared/load-requests.ts';

/** What the client tells when it is asked for its held connections. */
export interface HeldLook {
  /** Seconds of its uptime. */
  at: number;
  /** How many answer. */
  held: number;
  /** MAC in its neighbour entry for the VIP. */
  neighbour: string | undefined;
  /** MACs that gratuitous ARP came from, from the beginning on. */
  announced: string[];
}

/** A move of the VIP from one director to the other, and what became of that. Times are of the client's uptime. */
export interface Move {
  /** The director that is to have it then. */
  to: string;
  /** It had the VIP in time. */
  moved: boolean;
  from: number;
  until: number;
  /** How many of the open connections answer afterwards. */
  held: number;
  neighbour: string | undefined;
  /** MACs that announced the VIP meanwhile. */
  announced: string[];
}

/** What was seen while the active director went and came back. */
export interface FailoverSeen {
  /** How many connections the client held. */
  wanted: number;
  /** How many of them the backup knew before the first move. */
  known: number;
  /** Each there and back: its machine is killed, its link goes down, its keepalived is stopped. */
  dies: [Move, Move];
  cutOff: [Move, Move];
  leaves: [Move, Move];
  /** To the backup, without sync daemons. */
  unsynced: Move;
  /** Back again, without them too, but with sloppy_tcp and mh. */
  sloppy: Move;
  requests: LoadRequest[];
}

/** What ask-held.hbs prints. */
export function parseHeld(text: string): HeldLook {
  const part = sections(text);
  const number = (name: string) => Number(part.get(name)?.trim() ?? 0);
  const macs = (part.get('announced') ?? '').matchAll(/^\S+ ([0-9a-f:]{17}) > /gm);
  return {
    at: number('now'),
    held: number('held'),
    neighbour: /lladdr ([0-9a-f:]{17})/.exec(part.get('neighbour') ?? '')?.[1],
    announced: [...macs].map(([, mac = '']) => mac),
  };
}

/** Seconds without service during a move: the longest time from one answer to the next that began in it. */
export function secondsWithout(
  requests: readonly LoadRequest[],
  { from, until }: Pick<Move, 'from' | 'until'>,
): number {
  const answered = requests.filter(({ server }) => server !== undefined);
  const gaps = answered.flatMap(({ end }, at) => {
    const next = answered[at + 1]?.end ?? requests.at(-1)?.end ?? end;
    return end >= from && end < until ? [next - end] : [];
  });
  // Nobody answered at all.
  return gaps.length > 0 ? Math.max(...gaps) : until - from;
}

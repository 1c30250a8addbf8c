import type { Decisions } from '../../scripts/path/decisions.ts';
import { drawingOf } from '../../scripts/path/drawing.ts';
import type { Sighting } from '../../scripts/path/followed.ts';
import { resultText } from '../../scripts/path/result.ts';
import { terminalText } from '../../scripts/path/terminal.ts';
import { judgeTrack, type Track } from '../../scripts/path/track.ts';
import type { Plan, PlannedService } from '../../scripts/plan/plan.ts';
import { clientPort } from './made.ts';

const look = { width: 80, paint: (_: unknown, text: string) => text };

/** What lab path finds in these frames. */
export function tracked(
  plan: Plan,
  service: PlannedService,
  sightings: Sighting[],
  { server, decisions = new Map() }: { server?: string; decisions?: Decisions } = {},
): Track {
  const answer = {
    status: server ? 200 : 0,
    server,
    localPort: clientPort,
    seconds: 0.004,
    error: server ? undefined : 'Connection timed out',
  };
  const sent = { firstPort: clientPort, ports: 1, answer, server };
  const judged = judgeTrack(plan, service, sent, sightings);
  return { service, sent, tries: 1, captured: 'at the switches', sightings, ...judged, decisions };
}

/** What lab path prints on a screen of 80 columns. */
export function printed(plan: Plan, found: Track, all = false): string {
  return `${terminalText(drawingOf(plan, found.followed, { ...found, all }), look)}\n${resultText(plan, found, undefined, look)}\n`;
}

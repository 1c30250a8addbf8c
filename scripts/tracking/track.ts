import type { Sighting } from '../path/followed.ts';
import { judgeTrack, type Sent, type Track } from '../path/track.ts';
import type { PlannedService } from '../plan/plan.ts';
import { captureInGuests } from './guest-capture.ts';
import { sendRequest } from './request.ts';
import type { Tracking } from './tracking.ts';

export interface TrackOptions {
  service: PlannedService;
  /** The real server that a request must go to. */
  to?: string | undefined;
  /** Requests to send at most, until one goes there. */
  tries: number;
}

/** Sends one request while all networks are captured, and follows it. With `to` requests are sent until one goes there. */
export async function track(tracking: Tracking, { service, to, tries }: TrackOptions): Promise<Track> {
  const stop = await captureInGuests(tracking);
  let count = 0;
  let sent: Sent | undefined;
  let sightings: Sighting[] = [];
  try {
    do {
      sent = await sendRequest(tracking, service);
      count++;
    } while (to !== undefined && sent.server !== to && count < tries);
  } finally {
    sightings = await stop();
  }
  const judged = judgeTrack(tracking.plan, service, sent, sightings);
  return { service, sent, tries: count, captured: 'in the guests', sightings, ...judged, decisions: new Map() };
}

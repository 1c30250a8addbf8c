import { ProviderError } from '../errors.ts';
import { decisionsOf } from '../path/align.ts';
import { fromSwitches } from '../path/assemble.ts';
import type { Sighting } from '../path/followed.ts';
import { tellingDecisions } from '../path/telling.ts';
import type { Trace } from '../path/trace.ts';
import { judgeTrack, type Sent, type Track } from '../path/track.ts';
import type { PlannedService } from '../plan/plan.ts';
import { providerOf } from '../providers/providers.ts';
import { captureInGuests } from './guest-capture.ts';
import { traceKernels } from './kernel-trace.ts';
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
  const { plan } = tracking;
  const { captured, stop } = await startCapture(tracking);
  let count = 0;
  let sent: Sent | undefined;
  let traces: Trace[] = [];
  let sightings: Sighting[] = [];
  try {
    do {
      ({ sent, traces } = await traced(tracking, service));
      count++;
    } while (to !== undefined && sent.server !== to && count < tries);
  } finally {
    sightings = await stop();
  }
  const judged = judgeTrack(plan, service, sent, sightings);
  const decisions = tellingDecisions(judged.followed, judged.end, decisionsOf(plan, sightings, traces));
  return { service, sent, tries: count, captured, sightings, ...judged, decisions };
}

/** Sends a request, and says what the kernels of the nodes between client and server did meanwhile. */
async function traced(tracking: Tracking, service: PlannedService): Promise<{ sent: Sent; traces: Trace[] }> {
  const nodes = tracking.plan.nodes.filter(({ role, name }) => {
    return role === 'director' || role === 'router' || service.destinations.some(({ server }) => server === name);
  });
  const trace = await traceKernels(tracking, nodes);
  try {
    const sent = await sendRequest(tracking, service);
    return { sent, traces: await trace.read() };
  } finally {
    await trace.end();
  }
}

type Stop = () => Promise<Sighting[]>;

/** At the switches where the provider can do that, else in the guests. */
async function startCapture(tracking: Tracking): Promise<{ captured: Track['captured']; stop: Stop }> {
  const { plan, lab } = tracking;
  const { capture } = await providerOf(plan.provider);
  try {
    const running = await capture?.start(plan, lab.place);
    if (running) return { captured: 'at the switches', stop: async () => fromSwitches(plan, await running.stop()) };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
  }
  return { captured: 'in the guests', stop: await captureInGuests(tracking) };
}

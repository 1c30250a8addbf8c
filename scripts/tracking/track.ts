import { ProviderError } from '../errors.ts';
import { decisionsOf } from '../path/align.ts';
import { fromSwitches } from '../path/assemble.ts';
import type { Sighting } from '../path/followed.ts';
import { tellingDecisions } from '../path/telling.ts';
import type { Trace } from '../path/trace.ts';
import { judgeTrack, type Sent, type Track } from '../path/track.ts';
import type { Plan, PlannedNode, PlannedService } from '../plan/plan.ts';
import { providerOf } from '../providers/providers.ts';
import { captureInGuests } from './guest-capture.ts';
import { traceKernels } from './kernel-trace.ts';
import { portsFor, sendRequest, type Waiting } from './request.ts';
import type { Tracking } from './tracking.ts';

export interface TrackOptions {
  service: PlannedService;
  /** The real server that a request must go to. */
  to?: string | undefined;
  /** Requests to send at most, until one goes there. */
  tries: number;
  /** Bytes of the request, and of its answer; an ordinary request without it. */
  size?: number | undefined;
  /** How long the client waits; patiently by default. */
  waiting?: Waiting;
}

/** A request without an answer takes seconds: after this time no further one begins. */
const mostMs = 60_000;

/** Sends one request while all networks are captured, and follows it. With `to` requests are sent until one goes there. */
export async function track(tracking: Tracking, options: TrackOptions): Promise<Track> {
  const { service, to, tries } = options;
  const { plan } = tracking;
  const most = to === undefined ? 1 : tries;
  const ports = await portsFor(tracking, service, most);
  const { captured, stop } = await startCapture(tracking);
  let count = 0;
  let sent: Sent | undefined;
  let traces: Trace[] = [];
  let sightings: Sighting[] = [];
  try {
    const trace = await traceKernels(tracking, deciders(plan, service));
    try {
      const end = performance.now() + mostMs;
      do sent = await sendRequest(tracking, service, ports, count++, options);
      while (to !== undefined && sent.server !== to && count < most && performance.now() < end);
      traces = await trace.read();
    } finally {
      await trace.end();
    }
  } finally {
    sightings = await stop();
  }
  const judged = judgeTrack(plan, service, sent, sightings);
  const decisions = tellingDecisions(judged.followed, judged.end, decisionsOf(plan, sightings, traces));
  return { service, sent, tries: count, captured, sightings, ...judged, decisions };
}

/** The nodes whose kernels are traced: directors, routers and the real servers of the service. */
function deciders({ nodes }: Plan, { destinations }: PlannedService): PlannedNode[] {
  const between = ['director', 'router'];
  return nodes.filter(({ role, name }) => between.includes(role) || destinations.some(({ server }) => server === name));
}

type Stop = () => Promise<Sighting[]>;

/** Captures at the switches if the provider can do that, else in the guests. */
export async function startCapture(tracking: Tracking): Promise<{ captured: Track['captured']; stop: Stop }> {
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

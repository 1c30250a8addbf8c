import { didYouMean } from '../closest.ts';
import { ExitCode, UsageError } from '../errors.ts';
import { lockLab } from '../host/run-state.ts';
import { serviceName } from '../ipvs/rules.ts';
import { pathDocument } from '../path/document.ts';
import { drawingOf } from '../path/drawing.ts';
import { resultText } from '../path/result.ts';
import { terminalText } from '../path/terminal.ts';
import type { Track } from '../path/track.ts';
import type { Plan, PlannedService } from '../plan/plan.ts';
import { disconnect, type ProvisionedLab } from '../provision/lab-states.ts';
import { connectAll } from '../provision/provision.ts';
import { painter, print, printJson, screenWidth } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import { track } from '../tracking/track.ts';
import { trackingOf } from '../tracking/tracking.ts';
import type { Globals } from './globals.ts';
import { findRunningLab, machinesOf, withScripts } from './opened-lab.ts';

export interface PathOptions {
  service?: string | undefined;
  to?: string | undefined;
}

/** Requests until one goes to the real server that was asked for. */
const mostTries = 40;

/** lab path NAME: one real request and its answer, hop by hop. */
export async function path(name: string, options: PathOptions, globals: Globals): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const opened = await withScripts((await findRunningLab(name)).plan);
  const { plan, place } = opened;
  const service = serviceOf(plan, options.service);
  const to = options.to === undefined ? undefined : memberOf(service, options.to);
  const machines = await machinesOf(opened, undefined, screen.emit);
  const lock = await lockLab(place, `following a request of lab ${place.lab}`, screen.emit);
  let found: Track;
  try {
    const lab: ProvisionedLab = { plan, place, machines, remotes: await connectAll(machines) };
    try {
      found = await track(trackingOf(lab, opened.templates), { service, to, tries: mostTries });
    } finally {
      disconnect(lab);
    }
  } finally {
    lock.release();
    screen.clear();
  }
  report(plan, found, to, globals);
  return found.end || found.differences.length > 0 || (to && found.server !== to) ? ExitCode.checkFailed : ExitCode.ok;
}

function report(plan: Plan, found: Track, to: string | undefined, globals: Globals): void {
  if (globals.json) {
    printJson(pathDocument(plan, found));
    return;
  }
  const look = { paint: painter(process.stdout), width: screenWidth(process.stdout) };
  const drawing = drawingOf(plan, found.followed, { ...found, all: globals.loudness === 'verbose' });
  print(`${terminalText(drawing, look)}\n${resultText(found, to, look)}`);
}

/** The service that was named as in lab verify's output, by VIP and port, or by port. @throws UsageError */
function serviceOf({ services, lab }: Plan, wanted: string | undefined): PlannedService {
  const [first] = services;
  if (!first) throw new Error(`plan of ${lab} has no service`);
  if (wanted === undefined) return first;
  const namesOf = (service: PlannedService) => {
    const name = serviceName(service);
    return [name, name.replace(/^\w+ /, ''), ...service.endpoints.map(({ port }) => String(port))];
  };
  const found = services.find((service) => namesOf(service).includes(wanted));
  if (found) return found;
  throw new UsageError(`lab ${lab} has no service ${wanted}`, {
    cause: `its services are ${services.map(serviceName).join(', ')}`,
  });
}

/** @throws UsageError for a real server that the service does not have */
function memberOf(service: PlannedService, wanted: string): string {
  const names = service.destinations.map(({ server }) => server);
  if (names.includes(wanted)) return wanted;
  const meant = didYouMean(wanted, names);
  throw new UsageError(`${serviceName(service)} has no real server ${wanted}${meant ? `; ${meant}` : ''}`, {
    cause: `its real servers are ${names.join(', ')}`,
  });
}

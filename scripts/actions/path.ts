import { backendOf } from '../backends/index.ts';
import { didYouMean } from '../closest.ts';
import { ExitCode, UsageError } from '../errors.ts';
import { keepPath } from '../host/kept-path.ts';
import { lockLab } from '../host/run-state.ts';
import { version } from '../host/version.ts';
import { writeGiven } from '../host/written-file.ts';
import { serviceName } from '../ipvs/rules.ts';
import type { KeptPath } from '../page/lab-report.ts';
import { pathPcapng } from '../path/comments.ts';
import { pathDocument } from '../path/document.ts';
import { drawingOf } from '../path/drawing.ts';
import { htmlText } from '../path/html.ts';
import { mermaidText } from '../path/mermaid.ts';
import { resultText } from '../path/result.ts';
import { svgText } from '../path/svg.ts';
import { terminalText } from '../path/terminal.ts';
import type { Track } from '../path/track.ts';
import type { Plan, PlannedService } from '../plan/plan.ts';
import { disconnect, type ProvisionedLab } from '../provision/lab-states.ts';
import { connectAll } from '../provision/provision.ts';
import { print, printJson, screenLook } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import { plainWidth } from '../report/wrap.ts';
import { track } from '../tracking/track.ts';
import { trackingOf } from '../tracking/tracking.ts';
import type { Globals } from './globals.ts';
import { findRunningLab, machinesOf, type OpenedLab, withScripts } from './opened-lab.ts';

export interface PathOptions {
  service?: string | undefined;
  to?: string | undefined;
  /** Bytes of the request, and of its answer. */
  size?: number | undefined;
  /** Print only the ladder diagram, in the language of Mermaid. */
  mermaid?: boolean | undefined;
  /** Files to write. */
  svg?: string | undefined;
  html?: string | undefined;
  pcapng?: string | undefined;
}

/** The most requests that are sent until one goes to the wanted real server. */
const mostTries = 40;

/** lab path NAME: one real request and its answer, hop by hop. */
export async function path(name: string, options: PathOptions, globals: Globals): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const opened = await withScripts((await findRunningLab(name)).plan);
  const { plan, place } = opened;
  const service = serviceOf(plan, options.service);
  const to = options.to === undefined ? undefined : memberOf(service, options.to);
  if (options.size !== undefined) requireSizes(service);
  const machines = await machinesOf(opened, undefined, screen.emit);
  const lock = await lockLab(place, `following a request of lab ${place.lab}`, screen.emit);
  let found: Track;
  try {
    const lab: ProvisionedLab = { plan, place, machines, remotes: await connectAll(machines) };
    try {
      found = await track(trackingOf(lab, opened.templates), { service, to, tries: mostTries, size: options.size });
    } finally {
      disconnect(lab);
    }
  } finally {
    lock.release();
    screen.clear();
  }
  await report(opened, found, options, globals);
  return found.end || found.differences.length > 0 || (to && found.server !== to) ? ExitCode.checkFailed : ExitCode.ok;
}

async function report({ plan, place }: OpenedLab, found: Track, options: PathOptions, globals: Globals): Promise<void> {
  const drawing = drawingOf(plan, found.followed, { ...found, all: globals.loudness === 'verbose' });
  const title = `Lab ${plan.lab}: a request to ${serviceName(found.service)}`;
  const plain = resultText(plan, found, options.to, { paint: (_, text) => text, width: plainWidth });
  const result = plain.replace(/^ {2}/gm, '');
  await keepPath(place, { title, result, drawing });
  await writeFiles(plan, found, { title, result, drawing }, options);
  if (globals.json) {
    printJson(pathDocument(plan, found));
  } else if (options.mermaid) {
    print(mermaidText(drawing));
  } else {
    const look = screenLook();
    print(`${terminalText(drawing, look)}\n${resultText(plan, found, options.to, look)}`);
  }
}

/** Writes the files that the options name. */
async function writeFiles(plan: Plan, found: Track, kept: KeptPath, options: PathOptions): Promise<void> {
  const { svg, html, pcapng } = options;
  const { title, result, drawing } = kept;
  if (svg) await writeGiven(svg, svgText(drawing, title), '--svg');
  if (html) await writeGiven(html, htmlText(drawing, title, result), '--html');
  if (pcapng) await writeGiven(pcapng, Buffer.from(pathPcapng(plan, found, `lvs-lab ${version()}`)), '--pcapng');
}

/** Finds a service by its name in the output of lab verify, by VIP and port, or by one of its ports. @throws UsageError */
function serviceOf({ services, lab }: Plan, wanted: string | undefined): PlannedService {
  const [first] = services;
  if (!first) throw new Error(`plan of ${lab} has no service`);
  if (wanted === undefined) return first;
  const namesOf = (service: PlannedService) => {
    const name = serviceName(service);
    return [name, name.replace(/^\w+ /, ''), ...service.endpoints.map(({ port }) => String(port))];
  };
  const found = services.find((service) => namesOf(service).includes(wanted));
  if (found) return atPort(found, Number(wanted));
  throw new UsageError(`lab ${lab} has no service ${wanted}`, {
    cause: `its services are ${services.map(serviceName).join(', ')}`,
  });
}

/** A service of several ports, asked only at the wanted port. */
function atPort(service: PlannedService, wanted: number): PlannedService {
  const endpoints = service.endpoints.filter(({ port }) => port === wanted);
  return endpoints.length > 0 ? { ...service, endpoints } : service;
}

/** @throws UsageError for a service whose backend cannot answer with a wanted number of bytes */
function requireSizes(service: PlannedService): void {
  const fixed = service.endpoints.map(({ backend }) => backendOf(backend)).find(({ pages }) => pages === undefined);
  if (!fixed) return;
  throw new UsageError(`--size: backend ${fixed.name} of ${serviceName(service)} cannot send answers of a given size`, {
    tryThis: 'a service of web pages, or no --size',
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

import { join } from 'node:path';
import { isAnswered } from '../checks/looks/answered.ts';
import { countOf } from '../count-of.ts';
import { ConnectionError, ScriptError } from '../errors.ts';
import type { Words } from '../exercise/languages.ts';
import { readBroken } from '../host/broken.ts';
import { run } from '../host/exec.ts';
import { endedBy } from '../host/interrupt.ts';
import { readKeptPath } from '../host/kept-path.ts';
import { projectRoot } from '../host/paths.ts';
import { lockLab } from '../host/run-state.ts';
import { serviceName } from '../ipvs/rules.ts';
import { nodesOf, theNode } from '../plan/plan.ts';
import type { Machine } from '../providers/provider.ts';
import { disconnect, type ProvisionedLab } from '../provision/lab-states.ts';
import { connectAll } from '../provision/provision.ts';
import { sendRequests } from '../tracking/request.ts';
import { trackingOf } from '../tracking/tracking.ts';
import { DirectorLooks } from '../watch/director-looks.ts';
import type { Source } from '../watch/source.ts';
import type { Wish } from '../watch/wish.ts';
import { findRunningLab, machinesOf, withScripts } from './opened-lab.ts';
import { keptReport } from './report.ts';

/** A running lab, as a live page sees it. */
export function watchedLab(name: string): Source {
  const found = () => findRunningLab(name);
  const looks = new Map<string, DirectorLooks>();
  const looksAt = (node: string) => {
    const known = looks.get(node) ?? new DirectorLooks(node, () => machineOf(name, node));
    looks.set(node, known);
    return known;
  };
  return {
    plan: async () => (await found()).plan,
    look: async () => {
      const directors = nodesOf((await found()).plan, 'director');
      return Promise.all(directors.map(({ name: node }) => looksAt(node).look()));
    },
    kept: async () => {
      const { plan, place } = await found();
      const [report, path, broken] = await Promise.all([
        keptReport(plan, place),
        readKeptPath(place),
        readBroken(place),
      ]);
      return { report, path, broken };
    },
    perform: (wish, over) => (wish.do === 'requests' ? send(name, wish, over) : command(name, wish, over)),
    close: () => {
      for (const one of looks.values()) one.close();
    },
  };
}

async function machineOf(name: string, node: string): Promise<Machine> {
  const machine = (await machinesOf(await findRunningLab(name), [node])).find((one) => one.node === node);
  if (!machine) throw new ConnectionError(`no machine of ${node}`, { node });
  return machine;
}

/** Sends requests from the client, and says who answered them. */
async function send(name: string, wish: Extract<Wish, { do: 'requests' }>, over: AbortSignal): Promise<Words> {
  const opened = await withScripts((await findRunningLab(name)).plan);
  const { plan, place } = opened;
  const service = plan.services.find((one) => serviceName(one) === wish.service);
  if (!service) throw new ScriptError(`lab ${plan.lab} has no service ${wish.service}`);
  const lock = await lockLab(place, `requests of lab watch ${place.lab}`, () => {}, over);
  try {
    const needed = [theNode(plan, 'client'), ...nodesOf(plan, 'director')].map((node) => node.name);
    const all = await machinesOf(opened, needed, undefined, { locked: true });
    const machines = all.filter(({ node }) => needed.includes(node));
    const lab: ProvisionedLab = { plan, place, machines, remotes: await connectAll(machines) };
    try {
      const tracking = trackingOf(lab, opened.templates);
      const answers = await endedBy(over, () => sendRequests(tracking, service, wish.count));
      const by = answers.map((one) => (isAnswered(service, one) ? (one.server ?? '–') : undefined));
      const shares = [...new Set(by)].map((one) => ({
        server: one,
        count: by.filter((other) => other === one).length,
      }));
      return {
        en: `${countOf(wish.count, 'request')} to ${wish.service}: ${shares.map(({ server, count }) => `${count} ${server ? `by ${server}` : 'without an answer'}`).join(', ')}`,
        de: `${wish.count} Anfragen an ${wish.service}: ${shares.map(({ server, count }) => `${count} ${server ? `von ${server}` : 'ohne Antwort'}`).join(', ')}`,
      };
    } finally {
      disconnect(lab);
    }
  } finally {
    lock.release();
  }
}

/** What of the documents of `lab verify`, `path`, `break` and `mend` is told. */
interface Printed {
  ok?: boolean;
  checks?: { ok: boolean }[];
  server?: string | null;
  faults?: { id: string; place: string }[] | null;
  mended?: number;
  error?: { message: string; tryThis?: string };
}

/** Runs a command of the kit, as a person would in a terminal: it has its own locks, and undoes its changes when it is ended. */
async function command(name: string, wish: Exclude<Wish, { do: 'requests' }>, over: AbortSignal): Promise<Words> {
  const more = {
    verify: [],
    mend: [],
    path: wish.do === 'path' ? ['--service', wish.service] : [],
    break: wish.do === 'break' ? [wish.fault, wish.place] : [],
  }[wish.do];
  const args = [join(projectRoot, 'bin/lab.js'), wish.do, name, ...more, '--json'];
  // Ctrl-C in the terminal does not reach it: it is ended once, by `over`, and then undoes what it has changed.
  const { stdout, code } = await run(process.execPath, args, { apart: true, anyExitCode: true, signal: over });
  const printed = parsed(stdout);
  if (!printed || printed.error) {
    throw new ScriptError(printed?.error?.message ?? `lab ${wish.do} ended with exit code ${code}`, {
      tryThis: printed?.error?.tryThis,
    });
  }
  return told(wish.do, printed);
}

function parsed(stdout: string): Printed | undefined {
  try {
    return JSON.parse(stdout) as Printed;
  } catch {
    return undefined;
  }
}

function told(what: Exclude<Wish['do'], 'requests'>, { ok, checks = [], server, faults, mended = 0 }: Printed): Words {
  const failed = checks.filter((check) => !check.ok).length;
  const made = (faults ?? []).map(({ id, place }) => `${id} (${place})`).join(', ');
  switch (what) {
    case 'verify':
      return ok
        ? {
            en: `verified: all ${checks.length} checks passed`,
            de: `geprüft: alle ${checks.length} Prüfungen bestanden`,
          }
        : {
            en: `verified: ${failed} of ${checks.length} checks failed`,
            de: `geprüft: ${failed} von ${checks.length} Prüfungen nicht bestanden`,
          };
    case 'path':
      return {
        en: `followed a request to ${server ?? 'nobody'}: ${ok ? 'as planned' : 'not as planned'}`,
        de: `eine Anfrage an ${server ?? 'niemanden'} verfolgt: ${ok ? 'wie geplant' : 'nicht wie geplant'}`,
      };
    case 'break':
      return { en: `broken: ${made}`, de: `eingebaut: ${made}` };
    case 'mend':
      return { en: `faults undone: ${mended}`, de: `Fehler behoben: ${mended}` };
  }
}

import { backendOf } from '../backends/index.ts';
import { didYouMean } from '../closest.ts';
import { LabFileError, type Problem } from '../errors.ts';
import type { Fault } from '../faults/fault.ts';
import { serviceName } from '../ipvs/rules.ts';
import { isHostOf } from '../model/addresses.ts';
import { pathText } from '../model/reading/schema-problems.ts';
import type { Path, Source } from '../model/reading/source.ts';
import { nicOn, type Plan, theNode } from '../plan/plan.ts';
import type { Deed, Expectation, Of, Step } from './experiment.ts';
import { kinds } from './kinds.ts';
import { namesOf, serviceIn } from './services.ts';

/** What the steps may name. */
interface Known {
  plan: Plan;
  faults: readonly Fault[];
  /** Names of connections that are held open. */
  held: Set<string>;
  /** Faults that are made, each with its place. */
  made: Set<string>;
}

/** A mistake of a step: what is wrong at a place within it. */
type Mistake = Omit<Problem, 'line' | 'path'> & { at: Path };

/**
 * Compares the steps with the lab that they are for.
 * @throws LabFileError with everything that the lab does not have, or cannot do
 */
export function requireFit(
  steps: readonly Step[],
  plan: Plan,
  faults: readonly Fault[],
  file: string,
  source: Source,
): void {
  const known: Known = { plan, faults, held: new Set(), made: new Set() };
  const problems = steps.flatMap((step) =>
    mistakesIn(step, known).map(({ at, what, fix }) => {
      const path = [...step.path, ...at];
      return { line: source.lineOf(path), path: pathText(path), what, fix };
    }),
  );
  if (problems.length > 0) throw new LabFileError(file, problems);
}

function mistakesIn(step: Step, known: Known): Mistake[] {
  const counts = new Map<string, number>();
  const seen = step.expectations.flatMap(({ purpose, expectation }) => {
    const at = counts.get(purpose) ?? 0;
    counts.set(purpose, at + 1);
    return mistakesSeen(expectation, step.deed, known).map((one) => ({ ...one, at: [purpose, at, ...one.at] }));
  });
  return [...mistakesDone(step.deed, known).map((one) => ({ ...one, at: [step.deed.verb, ...one.at] })), ...seen];
}

function mistakesDone(deed: Deed, known: Known): Mistake[] {
  const { plan, held } = known;
  switch (deed.verb) {
    case 'run':
      return node(plan, deed.of.on, ['on']);
    case 'reset':
      return node(plan, deed.of, []);
    case 'send':
      return sending(deed.of, known);
    case 'close':
      return held.delete(deed.of) ? [] : [unknown('no connections are held open as', deed.of, [...held], [])];
    case 'break':
      known.made.add(keyOf(deed.of));
      return fault(deed.of, known);
    case 'mend':
      return mending(deed.of, known);
    case 'weight':
    case 'remove':
      return server(plan, deed.of);
    case 'wait':
      return [];
  }
}

function node({ nodes, lab }: Plan, name: string, at: Path): Mistake[] {
  const names = nodes.map((one) => one.name);
  return names.includes(name) ? [] : [unknown(`lab ${lab} has no node`, name, names, at)];
}

function unknown(what: string, word: string, words: readonly string[], at: Path): Mistake {
  return {
    at,
    what: `${what} ${word}`,
    fix: didYouMean(word, words) ?? (words.length > 0 ? `one of ${words.join(', ')}` : undefined),
  };
}

function service(plan: Plan, wanted: string | number | undefined): Mistake[] {
  if (serviceIn(plan, wanted)) return [];
  const names = plan.services.flatMap(namesOf);
  return [unknown(`lab ${plan.lab} has no service`, String(wanted), names, ['service'])];
}

function server(plan: Plan, { server: name, service: wanted }: Of<'weight'> | Of<'remove'>): Mistake[] {
  const found = serviceIn(plan, wanted);
  if (!found) return service(plan, wanted);
  const names = found.destinations.map((one) => one.server);
  return names.includes(name) ? [] : [unknown(`${serviceName(found)} has no real server`, name, names, ['server'])];
}

function sending({ service: wanted, hold, from, size, count, ports }: Of<'send'>, { plan, held }: Known): Mistake[] {
  const found = serviceIn(plan, wanted);
  if (!found) return service(plan, wanted);
  const mistakes: Mistake[] = [];
  if (hold !== undefined) {
    if (held.has(hold))
      mistakes.push({ at: ['hold'], what: `other connections are held open as ${hold} already`, fix: 'another name' });
    held.add(hold);
    if (found.protocol !== 'tcp')
      mistakes.push({
        at: ['hold'],
        what: `only TCP connections can be held open, and ${serviceName(found)} has none`,
      });
    if (size !== undefined)
      mistakes.push({ at: ['size'], what: 'nothing is asked over connections that are held open' });
  }
  const sized = found.endpoints.every(({ backend }) => backendOf(backend).pages);
  if (size !== undefined && !sized)
    mistakes.push({
      at: ['size'],
      what: `requests to ${serviceName(found)} have no size`,
      fix: 'a service of pages, or no size',
    });
  if (typeof ports === 'object' && count !== undefined && count !== ports.length)
    mistakes.push({
      at: ['count'],
      what: `count is ${count}, and ports lists ${ports.length}`,
      fix: 'leave count out',
    });
  if (from !== undefined) mistakes.push(...source(plan, from));
  return mistakes;
}

/** An address that the client can take. */
function source(plan: Plan, from: string): Mistake[] {
  const { address, prefix } = nicOn(theNode(plan, 'client'), 'front');
  if (!isHostOf(from, `${address}/${prefix}`))
    return [{ at: ['from'], what: `${from} is no address of the front network`, fix: `something like ${address}` }];
  const owner = plan.nodes.find(({ role, nics }) => role !== 'client' && nics.some((nic) => nic.address === from));
  return owner ? [{ at: ['from'], what: `${from} is the address of ${owner.name}` }] : [];
}

const keyOf = ({ fault, at }: Of<'break'>) => `${fault} ${at ?? ''}`.trim();

function mending(wanted: Of<'mend'>, known: Known): Mistake[] {
  const key = keyOf(wanted);
  if (known.made.delete(key)) return [];
  const mistakes = fault(wanted, known);
  return mistakes.length > 0 ? mistakes : [unknown('no step before it breaks', key, [...known.made], ['fault'])];
}

function fault({ fault: id, at: place }: Of<'break'>, { plan, faults }: Known): Mistake[] {
  const found = faults.find((one) => one.id === id);
  const ids = faults.map((one) => one.id);
  if (!found) {
    const meant = didYouMean(id, ids);
    return [{ at: ['fault'], what: `there is no fault ${id}`, fix: meant ?? 'lab faults lists them' }];
  }
  const places = found.places(plan).map(({ name }) => name);
  if (places.length === 0) return [{ at: ['fault'], what: `lab ${plan.lab} cannot have the fault ${id}` }];
  return place === undefined || places.includes(place) ? [] : [unknown(`${id} has no place`, place, places, ['at'])];
}

/** Kinds that only some verbs show. */
const shownBy: Partial<Record<keyof typeof kinds, Deed['verb']>> = { answers: 'send', command: 'run' };

function mistakesSeen({ kind, where, order, look }: Expectation, { verb }: Deed, { plan }: Known): Mistake[] {
  const mistakes: Mistake[] = [];
  if (look) mistakes.push(...node(plan, look.on, [kind, 'on']));
  const needed = shownBy[kind];
  if (needed && needed !== verb && !look) {
    const fix = kind === 'command' ? 'on: a node, and run: a command that looks' : undefined;
    mistakes.push({
      at: [kind],
      what: `only a step with ${needed} has ${kind === 'command' ? 'an end of its command' : kind}`,
      fix,
    });
  }
  for (const field of ['node', 'on', 'by', 'for'] as const) mistakes.push(...named(plan, where, field, kind));
  const fields = Object.keys(kinds[kind].fields);
  if (order && !fields.includes(order.field))
    mistakes.push(unknown(`${kind} have no`, order.field, fields, ['order', order.field]));
  const servers = where.server;
  const all = [...plan.realServers.map((one) => one.node), ...(kind === 'counters' ? ['all'] : [])];
  if (typeof servers === 'string' && /^[a-z][\w-]*$/.test(servers) && !all.includes(servers))
    mistakes.push(unknown(`lab ${plan.lab} has no real server`, servers, all, [kind, 'server']));
  return mistakes;
}

/** A field that holds the name of a node, if it is a plain name. */
function named(plan: Plan, where: Expectation['where'], field: string, kind: string): Mistake[] {
  const value = where[field];
  if (typeof value !== 'string' || !/^[a-z][a-z0-9-]*$/.test(value) || value === 'all') return [];
  return node(plan, value, [kind, field]);
}

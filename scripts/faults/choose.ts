import { closest } from '../closest.ts';
import { UsageError } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import { generator } from '../random.ts';
import type { Fault, Place } from './fault.ts';

/** A fault, and where it is to be made. */
export interface Choice {
  fault: Fault;
  place: Place;
}

/**
 * The fault with this id, at the place with this name; without a name at its first place.
 * @throws UsageError when there is no such fault, or when the lab has no such place for it
 */
export function choose(faults: readonly Fault[], plan: Plan, id: string, placeName?: string): Choice {
  const fault = requireFault(faults, id);
  const places = fault.places(plan);
  const [first] = places;
  if (!first) {
    throw new UsageError(`lab ${plan.lab} has no place for ${id}`, { cause: `the fault is that ${fault.title}` });
  }
  const place = placeName === undefined ? first : places.find(({ name }) => name === placeName);
  if (place) return { fault, place };
  const cause = `it can be made at ${places.map(({ name }) => name).join(', ')}`;
  throw new UsageError(`lab ${plan.lab} has no place ${placeName} for ${id}`, { cause });
}

/** Faults that were made by name, without those that this version, or this lab, does not have any more. */
export function chosenBefore(
  faults: readonly Fault[],
  plan: Plan,
  made: readonly { fault: string; place: string }[],
): { known: Choice[]; unknown: string[] } {
  const found = made.map(({ fault: id, place: name }) => {
    const fault = faults.find((one) => one.id === id);
    const place = fault?.places(plan).find((one) => one.name === name);
    return fault && place ? { fault, place } : `${id} at ${name}`;
  });
  return {
    known: found.filter((one): one is Choice => typeof one !== 'string'),
    unknown: found.filter((one): one is string => typeof one === 'string'),
  };
}

/** @throws UsageError when there is no fault of this id */
export function requireFault(faults: readonly Fault[], id: string): Fault {
  const found = faults.find((one) => one.id === id);
  if (found) return found;
  const ids = faults.map((one) => one.id);
  // People also give a part of a name: `gateway`.
  const near = closest(id, ids) ?? ids.find((one) => one.split('-').includes(id));
  throw new UsageError(`there is no fault ${id}${near ? `; did you mean ${near}?` : ''}`, { tryThis: 'lab faults' });
}

/**
 * Faults that users notice, chosen by a seed: the same plan and seed give the same faults. Two faults have no family and no node in
 * common, so that neither hides or undoes the other.
 */
export function chooseAtRandom(faults: readonly Fault[], plan: Plan, seed: number, count: number): Choice[] {
  const next = generator(seed);
  const oneOf = <T>(all: readonly T[]) => all[Math.floor(next() * all.length)];
  const chosen: Choice[] = [];
  while (chosen.length < count) {
    const open = faults
      .map((fault) => ({ fault, places: fault.places(plan).filter(isNoticed) }))
      .map(({ fault, places }) => ({ fault, places: places.filter((place) => fits(chosen, { fault, place })) }))
      .filter(({ places }) => places.length > 0);
    const found = oneOf(open);
    const place = found && oneOf(found.places);
    if (!found || !place) break;
    chosen.push({ fault: found.fault, place });
  }
  return chosen;
}

function isNoticed({ symptom, harmless }: Place): boolean {
  return !harmless && symptom.kind !== 'none';
}

function fits(chosen: readonly Choice[], { fault, place }: Choice): boolean {
  const nodes = touched(place);
  return chosen.every((one) => {
    return one.fault.family !== fault.family && !touched(one.place).some((node) => nodes.includes(node));
  });
}

/** The nodes with the cause, and the nodes that the fault changes. */
function touched({ nodes, make }: Place): string[] {
  return [...nodes, ...make.map((act) => ('run' in act ? act.on : act.node))];
}

import type { HintCommand } from '../../checks/hint.ts';
import type { Fault, Place } from '../../faults/fault.ts';
import { faults } from '../../faults/index.ts';
import { factsOf } from '../../state/section.ts';
import type { StateDifference } from '../../state/state.ts';
import type { ToldDifference } from '../../state/tell.ts';
import type { Suspect } from '../cause.ts';
import { apart, covers } from '../covers.ts';
import type { Evidence, NodeState } from '../evidence.ts';
import { layerOf } from '../layer.ts';
import { hurtBy } from '../reach.ts';
import { said } from '../said.ts';

/** What has changed since `lab up` recorded the state: as a known fault where it looks like one, else as a cause of its own. */
export function differing(evidence: Evidence): Suspect[] {
  return [...evidence.states].flatMap(([node, state]) => onNode(evidence, node, state));
}

function onNode(evidence: Evidence, node: string, state: NodeState): Suspect[] {
  const known = faultsOn(evidence, node, state);
  const explained = known.flatMap(({ signs }) => signs);
  const others = apart(state.told.filter((one) => !covers(explained, one)));
  return [
    ...known.map((found) => asFault(evidence, state, found)),
    ...others.map((difference) => byItself(evidence, state, difference)),
  ];
}

/** A fault whose sign is seen on a node, with the places where that node can have it. */
interface Found {
  fault: Fault;
  places: Place[];
  signs: StateDifference[];
}

/** If one difference is a sign of two faults, the fault that explains more differences counts. */
function faultsOn({ plan }: Evidence, node: string, { before, after, differences }: NodeState): Found[] {
  const change = { plan, node, before: factsOf(before), after: factsOf(after), differences };
  const found = faults.flatMap((fault): Found[] => {
    const signs = fault.sign?.(change) ?? [];
    const places = signs.length > 0 ? fault.places(plan).filter(({ nodes }) => nodes.includes(node)) : [];
    return places.length > 0 ? [{ fault, places, signs }] : [];
  });
  const taken = new Set<StateDifference>();
  return found
    .sort((one, other) => other.signs.length - one.signs.length)
    .filter(({ signs }) => {
      const free = signs.some((sign) => !taken.has(sign));
      for (const sign of signs) taken.add(sign);
      return free;
    });
}

function asFault(evidence: Evidence, state: NodeState, { fault, places, signs }: Found): Suspect {
  const told = state.told.filter((one) => covers(signs, one));
  const shown = told.length > 0 ? told : signs;
  const checks = places.flatMap(({ check, also = [], race = [] }) => [...(check ? [check.id] : []), ...also, ...race]);
  const [first] = shown;
  if (!first) throw new Error(`${fault.id} has no sign`);
  return {
    ...common(evidence, state, first),
    id: fault.id,
    why: fault.cause,
    evidence: shown.slice(1, 3).map((one) => said(one)),
    mend: undoing(told.slice(0, 3)),
    proof: places.every(({ harmless }) => harmless) ? 'harmless' : 'harmful',
    explains: [...new Set(checks)],
  };
}

function byItself(evidence: Evidence, state: NodeState, difference: ToldDifference): Suspect {
  return {
    ...common(evidence, state, difference),
    id: `${difference.section}-differs`,
    why: difference.may,
    evidence: [],
    mend: undoing([difference]),
    proof: 'differs',
    explains: [],
  };
}

function common({ plan }: Evidence, { recorded }: NodeState, difference: StateDifference) {
  return {
    node: difference.node,
    layer: layerOf(difference),
    object: difference.key,
    what: said(difference),
    hurts: hurtBy(plan, difference),
    ...(recorded !== undefined && { since: recorded }),
  };
}

const setting = 'sysctl -w ';

/** The command that undoes all of these differences of a node; none where no undo is known. Settings of the kernel share one sysctl. */
function undoing(told: readonly ToldDifference[]): HintCommand[] {
  const undos = told.flatMap(({ undo }) => undo ?? []);
  const settings = undos.filter((one) => one.startsWith(setting)).map((one) => one.slice(setting.length));
  const others = undos.filter((one) => !one.startsWith(setting));
  const run = [...(settings.length > 0 ? [setting + settings.join(' ')] : []), ...others].join('; ');
  return told[0] && run ? [{ on: told[0].node, run }] : [];
}

import type { Check } from '../../checks/check.ts';
import { checkKinds } from '../../checks/index.ts';
import { faults } from '../../faults/index.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Cause, Layer } from '../cause.ts';
import type { Evidence } from '../evidence.ts';

/** Causes that failed checks name themselves, with a command for a node. */
export function judged({ plan, checks }: Evidence, ids: readonly string[]): Cause[] {
  return checks.flatMap((check): Cause[] => {
    const { id, ok, observed, expected, hint } = check;
    const [first] = hint?.commands.flatMap((command) => ('on' in command ? [command] : [])) ?? [];
    if (ok || !ids.includes(id) || !hint || !first) return [];
    return [
      {
        ...knownAs(plan, check, first.on),
        node: first.on,
        object: id,
        what: hint.cause,
        why: `expected: ${expected}; seen: ${observed}`,
        evidence: [],
        mend: hint.commands,
      },
    ];
  });
}

/** The fault that the check is there for, if it is one only that the node can have. */
function knownAs(plan: Plan, { id }: Check, node: string): { id: string; layer: Layer } {
  const ids = checkKinds.find((kind) => kind.id === id)?.faults ?? [];
  const possible = faults.filter((one) => {
    const names = ids.includes(one.id) || one.places(plan).some(({ check }) => check?.id === id);
    return names && one.places(plan).some(({ nodes }) => nodes.includes(node));
  });
  const [only] = possible;
  return { id: possible.length === 1 && only ? only.id : id, layer: layerIn(possible[0]?.family) };
}

function layerIn(family: string | undefined): Layer {
  return family === 'time' || family === 'ha' ? family : 'application';
}

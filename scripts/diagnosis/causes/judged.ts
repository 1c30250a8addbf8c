import type { Check } from '../../checks/check.ts';
import { checkKinds } from '../../checks/index.ts';
import type { FaultFamily } from '../../faults/fault.ts';
import { faults } from '../../faults/index.ts';
import type { Cause, Layer } from '../cause.ts';
import type { Evidence } from '../evidence.ts';

/** Causes from the hints of failed checks, where a hint has a command for a node. */
export function judged({ plan }: Evidence, checks: readonly Check[]): Cause[] {
  return checks.flatMap((check): Cause[] => {
    const { id, ok, observed, expected, hint } = check;
    const [first] = hint?.commands.flatMap((command) => ('on' in command ? [command] : [])) ?? [];
    if (ok || !hint || !first) return [];
    return [
      {
        ...knownAs(id),
        node: first.on,
        object: id,
        what: hint.cause,
        why: `expected: ${expected}; seen: ${observed}`,
        evidence: [],
        mend: hint.commands,
      },
    ];
  });

  /** The fault that the check names, if it can name only one; else the id of the check. */
  function knownAs(id: string): { id: string; layer: Layer } {
    const ids = checkKinds.find((kind) => kind.id === id)?.faults ?? [];
    const possible = faults.filter(
      (one) => ids.includes(one.id) || one.places(plan).some(({ check }) => check?.id === id),
    );
    const [only] = possible;
    const families = new Set(possible.map(({ family }) => family));
    return {
      id: possible.length === 1 && only ? only.id : id,
      layer: families.size === 1 && only ? layerOfFamily[only.family] : 'application',
    };
  }
}

const layerOfFamily: Record<FaultFamily, Layer> = {
  ...{ arp: 'neighbour', vip: 'ip', route: 'ip', firewall: 'firewall', mtu: 'nic', line: 'line' },
  ...{ ipvs: 'ipvs', daemon: 'daemon', application: 'application', time: 'time', ha: 'ha' },
} as const;

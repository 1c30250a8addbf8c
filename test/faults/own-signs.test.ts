import test from 'ava';
import { faults } from '../../scripts/faults/index.ts';
import { factsOf } from '../../scripts/state/section.ts';
import { differences } from '../../scripts/state/state.ts';
import { planOf } from '../render/golden.ts';
import { made } from './made-states.ts';

/** Labs that between them have a place for every fault that has a sign. */
const labs = [
  ...['dr', 'nat', 'tun', 'tun-gue', 'tun-remote', 'ipv6-dr', 'ipv6-nat', 'fwmark', 'ftp', 'ops', 'ha', 'health'],
  ...['keepalived', 'web', 'ocfs2', 'services', 'nat-centos'],
];
// Before the first test: ava wants all of them declared at once.
const plans = await Promise.all(labs.map(planOf));

for (const { id, sign, places } of faults) {
  if (!sign) continue;
  test(`fault ${id}: what it makes of its node is a sign of it, wherever it is made`, (t) => {
    const seen = plans.flatMap((plan) =>
      places(plan)
        .slice(0, 1)
        .map((place) => ({ plan, place })),
    );
    t.true(seen.length > 0, 'none of the labs has a place for it');
    for (const { plan, place } of seen) {
      const [before, after] = made[id]?.(plan, place) ?? [[], []];
      const [node = ''] = place.nodes;
      const change = { plan, node, before: factsOf(before), after: factsOf(after) };
      const found = sign({ ...change, differences: differences(node, before, after) });
      t.true(found.length > 0, `${plan.lab}, ${place.name}: ${JSON.stringify([before, after])}`);
    }
  });
}

import test from 'ava';
import { checkKinds } from '../../scripts/checks/index.ts';
import { judge } from '../../scripts/checks/judge.ts';
import { faults } from '../../scripts/faults/index.ts';
import { healthy } from '../checks/healthy.ts';
import { hintText } from '../checks/hint-text.ts';
import { allLabs, planOf } from '../render/golden.ts';
import { screenOf } from '../report/screen-of.ts';
import { ill } from './ill.ts';

// Before the first test: ava wants all of them declared at once.
const plans = await Promise.all((await allLabs()).map(planOf));

/** Ids of the checks that must name a fault, over all labs. */
function checksOf(fault: (typeof faults)[number]): string[] {
  const places = plans.flatMap((plan) => fault.places(plan));
  return [...new Set(places.flatMap(({ check }) => check?.id ?? []))];
}

test('every command that a hint shows names a lab as it was named: by its path, in quotes where it needs them', (t) => {
  const commands = plans.flatMap((named) => {
    const plan = { ...named, file: 'my labs/x.yaml' };
    return faults.flatMap((fault) =>
      fault.places(plan).flatMap((place) => {
        const seen = healthy(plan);
        ill[fault.id]?.(seen, plan, place);
        return screenOf(plan, seen).filter((line) => /\blab (up|run|verify|ssh) /.test(line));
      }),
    );
  });
  t.true(commands.length > 100);
  t.deepEqual(
    commands.filter((line) => !/\blab (up|run|verify|ssh) 'my labs\/x\.yaml'( |$)/.test(line)),
    [],
  );
});

for (const fault of faults) {
  const checks = checksOf(fault).filter((id) => checkKinds.some((kind) => kind.id === id));
  if (checks.length === 0) continue;

  test(`fault ${fault.id}: wherever it is made, the check fails or warns, and its hint has the words that the fault wants`, (t) => {
    for (const plan of plans) {
      for (const place of fault.places(plan)) {
        if (!place.check || !checks.includes(place.check.id)) continue;
        const where = `${plan.lab}, ${place.name}`;
        const seen = healthy(plan);
        ill[fault.id]?.(seen, plan, place);
        const failed = judge(plan, seen).filter(({ id, ok, warning }) => id === place.check?.id && (!ok || warning));
        t.true(failed.length > 0, `${where}: ${place.check.id} says nothing`);
        const hints = failed.map(({ hint }) => hintText(hint, plan.lab));
        for (const text of place.check.hint)
          t.true(
            hints.some((hint) => hint.includes(text)),
            `${where}: ${text}, in ${hints}`,
          );
      }
    }
  });
}

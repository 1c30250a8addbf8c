import test from 'ava';
import type { Drill, DrilledLab } from '../../scripts/drills/drill.ts';
import { runDrills } from '../../scripts/drills/run.ts';
import type { Plan } from '../../scripts/plan/plan.ts';

const lab = { plan: { lab: 'dr' } as Plan } as DrilledLab;

/** A drill that notes when it begins and ends, and gives one check of its own name. */
function drillOf(name: string, log: string[], more: Partial<Drill> = {}): Drill {
  return {
    name,
    about: '',
    checks: [name],
    needs: [],
    applies: () => true,
    perform: async () => {
      log.push(`${name} begins`);
      await new Promise(setImmediate);
      log.push(`${name} ends`);
      return name;
    },
    judge: (_, seen) => [{ id: String(seen), title: '', ok: true, expected: '', observed: '' }],
    ...more,
  };
}

/** Comes to a point from which on others may run beside it, and ends when it is let. */
function host(log: string[], end: () => Promise<void>): Drill {
  return drillOf('host', log, {
    perform: async ({ startOthers }) => {
      log.push('host begins');
      startOthers();
      await end();
      log.push('host ends');
      return 'host';
    },
  });
}

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
};

const idsOf = async (drills: Drill[], failed: string[] = []) => {
  const before = failed.map((id) => ({ id, ok: false }));
  return (await runDrills(drills, lab, before)).map(({ id }) => id);
};

test('drills run one after the other', async (t) => {
  const log: string[] = [];
  t.deepEqual(await idsOf([drillOf('a', log), drillOf('b', log)]), ['a', 'b']);
  t.deepEqual(log, ['a begins', 'a ends', 'b begins', 'b ends']);
});

test('a drill that a lab has nothing for, or that builds on what has failed, does not run', async (t) => {
  const log: string[] = [];
  const drills = [
    drillOf('no lab for it', log, { applies: () => false }),
    drillOf('needs the table', log, { needs: ['table', 'reachable'] }),
    drillOf('needs all', log, { needs: 'every check' }),
    drillOf('needs nothing', log),
  ];
  t.deepEqual(await idsOf(drills, ['reachable']), ['needs nothing']);
  t.deepEqual(await idsOf(drills, ['answered']), ['needs the table', 'needs nothing']);
  t.deepEqual(await idsOf(drills), ['needs the table', 'needs all', 'needs nothing']);
});

test('a drill runs beside another one from the point on that this one has named, and is reported in its turn', async (t) => {
  const log: string[] = [];
  const beside = { drill: 'host', when: () => true };
  const drills = [host(log, () => turns(5)), drillOf('between', log), drillOf('guest', log, { beside })];
  t.deepEqual(await idsOf(drills), ['host', 'between', 'guest']);
  t.deepEqual(log.slice(0, 4), ['host begins', 'guest begins', 'guest ends', 'host ends']);
});

test('where the two would disturb each other, or the other one does not run, it runs in its turn', async (t) => {
  for (const [applies, when] of [
    [true, false],
    [false, true],
  ] as const) {
    const log: string[] = [];
    const other = { ...host(log, () => turns(1)), applies: () => applies };
    await idsOf([other, drillOf('guest', log, { beside: { drill: 'host', when: () => when } })]);
    t.deepEqual(log.slice(-2), ['guest begins', 'guest ends']);
    t.true(!applies || log.indexOf('host ends') < log.indexOf('guest begins'));
  }
});

test('when a drill fails, those that run beside it are waited for: they put back what they took', async (t) => {
  const log: string[] = [];
  const failing = host(log, () => Promise.reject(new Error('lost')));
  const beside = { drill: 'host', when: () => true };
  await t.throwsAsync(idsOf([failing, drillOf('guest', log, { beside }), drillOf('never', log)]), { message: 'lost' });
  t.deepEqual(log, ['host begins', 'guest begins', 'guest ends']);
});

test('a drill that fails beside another one lets that come to its end', async (t) => {
  const log: string[] = [];
  const perform = () => Promise.reject(new Error('lost'));
  const guest = drillOf('guest', log, { beside: { drill: 'host', when: () => true }, perform });
  await t.throwsAsync(idsOf([host(log, () => turns(3)), guest]), { message: 'lost' });
  t.deepEqual(log, ['host begins', 'host ends']);
});

test('a drill gets what an earlier drill saw, and nothing of a drill that did not run', async (t) => {
  const log: string[] = [];
  const first = drillOf('first', log, { perform: async () => 'seen' });
  const absent = drillOf('absent', log, { applies: () => false });
  let told: unknown[] = [];
  const last = drillOf('last', log, {
    perform: async ({ seenBy }) => {
      told = [seenBy(first), seenBy(absent)];
    },
  });
  await runDrills([first, absent, last], lab, []);
  t.deepEqual(told, ['seen', undefined]);
});

import test from 'ava';
import type { Drill } from '../../scripts/drills/drill.ts';
import { drills } from '../../scripts/drills/index.ts';
import { withPower } from '../../scripts/drills/with-power.ts';
import { planOf } from '../render/golden.ts';
import { judged } from './judged.ts';
import { siteSeen } from './seen/site.ts';
import { type Deed, type StandIn, standInLab } from './stand-in-lab.ts';

/** What a drill takes, and what gives it back. */
const takes: [taken: RegExp, givenBack: RegExp][] = [
  [/^systemctl stop (apache2|keepalived)$/, /^systemctl start (apache2|keepalived)$/],
  [/^drills\/shared\/client-load$/, /^touch \/run\/lvs-lab-load\.stop$/],
  [/^drills\/shared\/held-connections$/, /^touch \/run\/lvs-lab-hold\.stop$/],
  [/^drills\/load\/busy$/, /^touch \/run\/lvs-lab-busy\.stop$/],
  [/^drills\/failover\/announced /, /^sh -s kill /],
  [/^drills\/failover\/link .*" down$/ms, /^drills\/failover\/link .*" up$/ms],
  [/^drills\/failover\/schedule .*-s mh/s, /^drills\/failover\/schedule .*-s (?!mh)/s],
  [/^sh -s ipvsadm --stop-daemon/, /^sh -s .*--start-daemon/s],
  [/^cut$/, /^restore$/],
];

const textOf = ({ what, input }: Deed) => (/^sh -s|failover/.test(what) && input ? `${what} ${input}` : what);

/** What was taken on a node and not given back on it later. */
function notPutBack(deeds: readonly Deed[]): string[] {
  return takes.flatMap(([taken, givenBack]) =>
    deeds.flatMap((deed, at) => {
      if (!taken.test(textOf(deed))) return [];
      const later = deeds.slice(at + 1).filter(({ node }) => node === deed.node);
      return later.some((one) => givenBack.test(textOf(one))) ? [] : [`${deed.what} on ${deed.node}`];
    }),
  );
}

const perform = (drill: Drill, { context }: StandIn) =>
  withPower(context.power, (power) => {
    return drill.perform({ ...context, power, seenBy: <Seen>() => siteSeen() as unknown as Seen });
  });

for (const drill of drills) {
  for (const { lab } of judged[drill.name] ?? []) {
    test(`drill ${drill.name} in lab ${lab}: however it ends, it has put back what it took`, async (t) => {
      const plan = await planOf(lab);
      const whole = standInLab(plan);
      await perform(drill, whole);
      t.deepEqual(notPutBack(whole.deeds), []);
      const count = whole.deeds.length;
      for (let at = 1; at <= count; at++) {
        const standIn = standInLab(plan, at);
        const when = `interrupted at command ${at} of ${count}`;
        await perform(drill, standIn).catch(({ message }) => t.is(message, 'interrupted', when));
        t.deepEqual(notPutBack(standIn.deeds), [], when);
      }
    });
  }
}

test('each thing that can be taken is taken by some drill', async (t) => {
  const labs = drills.flatMap((drill) => (judged[drill.name] ?? []).map(({ lab }) => ({ drill, lab })));
  const deeds = await Promise.all(
    labs.map(async ({ drill, lab }) => {
      const whole = standInLab(await planOf(lab));
      await perform(drill, whole);
      return whole.deeds;
    }),
  );
  const texts = deeds.flat().map(textOf);
  for (const [taken] of takes)
    t.true(
      texts.some((text) => taken.test(text)),
      String(taken),
    );
});

test('what is not put back is noticed', (t) => {
  const onRs1 = (what: string): Deed => ({ node: 'rs1', what, input: '' });
  const [stop, start] = [onRs1('systemctl stop apache2'), onRs1('systemctl start apache2')];
  t.deepEqual(notPutBack([start, stop]), ['systemctl stop apache2 on rs1']);
  t.deepEqual(notPutBack([stop, { ...start, node: 'rs2' }]), ['systemctl stop apache2 on rs1']);
  t.deepEqual(notPutBack([stop, start]), []);
});

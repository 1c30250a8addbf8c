import test from 'ava';
import { judgeFailover } from '../../scripts/drills/failover/judge.ts';
import { type FailoverSeen, type Move, parseLook, secondsWithout } from '../../scripts/drills/failover/seen.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import { failsWithHint } from '../checks/fails-with-hint.ts';
import { planOf } from '../render/golden.ts';
import { failoverSeen, macs, move, requests } from './seen/failover.ts';

const failed = (plan: Plan, seen: FailoverSeen) =>
  judgeFailover(plan, seen)
    .filter(({ ok }) => !ok)
    .map(({ id }) => id);

test('open connections survive, and the check says how many and after how long', async (t) => {
  const plan = await planOf('ha');
  t.deepEqual(failed(plan, failoverSeen()), []);
  const told = new Map(judgeFailover(plan, failoverSeen()).map(({ id, observed }) => [id, observed]));
  t.is(
    told.get('failover-dies'),
    'VIP on backup: 20 of 20 answer, 2.5 s without service; VIP on director: 20 of 20 answer, 0.5 s without service',
  );
  t.is(told.get('without-sync'), 'VIP on backup: 0 of 20 answer, 0.5 s without service');
  t.is(told.get('gratuitous-arp'), 'announced by director 8 times and backup 8 times');
});

const byHash = ({ withHash }: FailoverSeen): Move => {
  if (!withHash) throw new Error('no move by hash');
  return withHash;
};

test('where health checks keep the table, no other scheduler is tried', async (t) => {
  const ids = judgeFailover(await planOf('two-directors'), { ...failoverSeen(), withHash: undefined }).map(
    ({ id }) => id,
  );
  t.deepEqual(ids, ['failover-dies', 'failover-cut-off', 'failover-leaves', 'without-sync', 'gratuitous-arp']);
});

const late = (one: Move): Move => ({ ...one, moved: false });
const damages: [title: string, check: string, damage: (seen: FailoverSeen) => void, hint: RegExp][] = [
  [
    'nobody takes over',
    'failover-dies',
    (seen) => (seen.powerCut[0] = late(seen.powerCut[0])),
    /VIP to backup.*ssh ha backup -- journalctl/,
  ],
  [
    'it does not come back',
    'failover-cut-off',
    (seen) => (seen.linkDown[1] = late(seen.linkDown[1])),
    /VIP to director.*ssh ha director -- journalctl/,
  ],
  [
    'one connection is lost',
    'failover-leaves',
    (seen) => (seen.keepalivedStopped[0].answering = 19),
    /when backup does not know it; npx lab ssh ha backup -- ipvsadm -Lnc/,
  ],
  [
    'one is lost on the way back',
    'failover-dies',
    (seen) => (seen.powerCut[1].answering = 19),
    /when director does not know it/,
  ],
  [
    'the backup knew only some',
    'failover-dies',
    (seen) => Object.assign(seen, { known: 7, powerCut: [move('backup', 10, 7), move('director', 20, 7)] }),
    /before the first move the backup knew 7 of 20/,
  ],
  [
    'the service is away for long',
    'failover-cut-off',
    (seen) => (seen.requests = [...requests(0, 31), ...requests(38, 95)]),
    /advert_int/,
  ],
  [
    'all live on without sync',
    'without-sync',
    (seen) => (seen.withoutSync.answering = 20),
    /without sync daemons connections survive only with sloppy_tcp/,
  ],
  ['nobody takes over without sync', 'without-sync', (seen) => (seen.withoutSync.moved = false), /journalctl/],
  ['mh chooses otherwise', 'sloppy-mh', (seen) => (byHash(seen).answering = 11), /mh-port/],
  ['nobody announces it', 'gratuitous-arp', (seen) => (seen.powerCut[0].announced = [macs.director]), /tcpdump/],
  [
    'the client stays with the old',
    'gratuitous-arp',
    (seen) => (seen.keepalivedStopped[1].neighbour = macs.backup),
    /tcpdump/,
  ],
];

for (const [title, check, damage, hint] of damages) {
  test(`${title}: ${check} fails, with a hint`, async (t) => {
    const plan = await planOf('ha');
    const seen = failoverSeen();
    damage(seen);
    const found = judgeFailover(plan, seen).find(({ id }) => id === check);
    failsWithHint(t, found, plan, hint);
  });
}

test('time without service: answers stop, or there is no answer at all', (t) => {
  t.is(secondsWithout([...requests(0, 2), ...requests(2, 9, false)], { from: 0, until: 9 }).toFixed(1), '7.0');
  t.is(secondsWithout(requests(0, 9, false), { from: 2, until: 9 }), 7);
});

test('what the client tells of its connections', (t) => {
  t.deepEqual(
    parseLook(`@@now
81.52
@@held
2
@@neighbour
192.168.1.3 dev eth0 lladdr 52:54:00:01:0d:02 REACHABLE
@@announced
12:00:01.5 52:54:00:01:0d:02 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 60: Request who-has 192.168.1.3 (ff:ff:ff:ff:ff:ff) tell 192.168.1.3, length 46
`),
    { at: 81.52, answering: 2, neighbour: macs.backup, announced: [macs.backup] },
  );
});

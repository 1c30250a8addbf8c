import { patient } from '../../host/patience.ts';
import { theNode } from '../../plan/plan.ts';
import type { Drill, DrillContext } from '../drill.ts';
import type { PowerControl } from '../power-control.ts';
import { longestLoad, startLoad } from '../shared/client-load.ts';
import { type HeldConnections, holdConnections } from '../shared/held-connections.ts';
import { nodeRunner } from '../shared/node-runner.ts';
import { type Watch, watchFromClient } from './client.ts';
import { type Directors, directorsOf, opened } from './directors.ts';
import { judgeFailover } from './judge.ts';
import type { FailoverSeen, Move } from './seen.ts';
import { canMeasure, serviceOf } from './services.ts';

export const failoverDrill: Drill<FailoverSeen> = {
  name: 'failover',
  about:
    'moves the VIP from the active director to the backup in three ways and back, while a client holds connections open; then once without sync daemons, and once with a scheduler that needs none',
  checks: ['failover-dies', 'failover-cut-off', 'failover-leaves', 'without-sync', 'sloppy-mh', 'gratuitous-arp'],
  // A backup that is not ready takes over nothing.
  needs: 'every check',
  applies: (plan) => plan.backup !== null && canMeasure(plan),
  perform,
  judge: judgeFailover,
};

async function perform(context: DrillContext): Promise<FailoverSeen> {
  const { plan, templates, power } = context;
  const nodes = nodeRunner(context, { drill: 'failover', deadlineMs: 1_200_000 });
  const client = theNode(plan, 'client').name;
  const held = serviceOf(plan, 'held');
  const directors = directorsOf(nodes, plan, templates, held);
  const watch = watchFromClient(nodes, plan, held, directors, longestLoad);
  const timeouts = { connectMs: patient(500), answerMs: patient(2000) };
  const load = startLoad(nodes, client, serviceOf(plan, 'asked'), timeouts);
  const connections = connectionsFor(directors, watch, (firstPort) =>
    holdConnections(nodes, client, held, { firstPort, count: opened, seconds: longestLoad }),
  );
  try {
    await watch.start();
    const synced = await moveWithSync(directors, watch, connections, power);
    const withoutSync = await moveWithoutSync(directors, watch, connections);
    const withHash = plan.health ? await comeBack(directors) : await moveWithHash(directors, watch, connections);
    return { opened, ...synced, withoutSync, withHash, requests: await load.stop() };
  } finally {
    await Promise.allSettled([load.stop(), connections.close(), watch.end(), directors.putBack()]);
  }
}

/** The active director goes and comes back in three ways. */
async function moveWithSync(
  { active, backup, known, link, keepalived, giveBack }: Directors,
  { move }: Watch,
  connections: Connections,
  power: PowerControl,
): Promise<Pick<FailoverSeen, 'known' | 'powerCut' | 'linkDown' | 'keepalivedStopped'>> {
  const held = await connections.open();
  const thereAndBack = async (go: () => Promise<unknown>, comeBack: () => Promise<unknown>): Promise<[Move, Move]> => {
    const there = await move(backup, go);
    return [there, await move(active, () => comeBack().then(() => giveBack(held)))];
  };
  const knownBefore = await known(backup, held);
  const powerCut = await thereAndBack(
    () => power.cut(active),
    () => power.restore(active),
  );
  const linkDown = await thereAndBack(
    () => link('down'),
    () => link('up'),
  );
  const keepalivedStopped = await thereAndBack(
    () => keepalived('stop'),
    () => keepalived('start'),
  );
  return { known: knownBefore, powerCut, linkDown, keepalivedStopped };
}

/** The backup takes over connections that it does not know. */
async function moveWithoutSync(directors: Directors, { move }: Watch, connections: Connections): Promise<Move> {
  await connections.close();
  await directors.stopSyncDaemons();
  await connections.open();
  return move(directors.backup, () => directors.keepalived('stop'));
}

/** Health checks keep the table, so no other scheduler can be tried. */
async function comeBack({ active, keepalived, giveBack, awaitVip }: Directors): Promise<undefined> {
  await keepalived('start');
  await giveBack();
  await awaitVip(active);
}

/** The active director takes back connections that it does not know, and chooses the same real servers by the hash. */
async function moveWithHash(directors: Directors, { move }: Watch, connections: Connections): Promise<Move> {
  await connections.close();
  await directors.scheduleByHash();
  await connections.open();
  return move(directors.active, () => directors.keepalived('start').then(() => directors.giveBack()));
}

/** The client's open connections, of which there is one set at a time. */
interface Connections {
  /** Opens new connections from ports that no director remembers, and looks at them. Returns the first port. */
  open(): Promise<number>;
  close(): Promise<void>;
}

function connectionsFor(directors: Directors, watch: Watch, hold: (firstPort: number) => HeldConnections): Connections {
  let held: HeldConnections | undefined;
  return {
    open: async () => {
      held = hold(await directors.freshPorts(opened));
      await watch.look();
      return held.firstPort;
    },
    close: async () => {
      await held?.close();
      held = undefined;
    },
  };
}

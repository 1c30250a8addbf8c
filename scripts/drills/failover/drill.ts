import { patient } from '../../host/patience.ts';
import { type Plan, theNode } from '../../plan/plan.ts';
import type { Drill, DrillContext } from '../drill.ts';
import type { PowerControl } from '../power-control.ts';
import { longestLoad, startLoad } from '../shared/client-load.ts';
import { type HeldConnections, holdConnections } from '../shared/held-connections.ts';
import { type NodeRunner, nodeRunner } from '../shared/node-runner.ts';
import { type WatchingClient, watchFromClient } from './client.ts';
import { type Directors, directorsOf } from './directors.ts';
import { judgeFailover } from './judge.ts';
import type { FailoverSeen, Move } from './seen.ts';
import { serviceOf } from './services.ts';

/** Connections that are held. */
const wanted = 20;

export const failoverDrill: Drill<FailoverSeen> = {
  name: 'failover',
  about:
    'takes the VIP away from the active director in three ways and gives it back, while a client holds connections',
  checks: ['failover-dies', 'failover-cut-off', 'failover-leaves', 'without-sync', 'sloppy-mh', 'gratuitous-arp'],
  // A backup that is not ready takes over nothing.
  needs: 'every check',
  applies: ({ backup }) => backup !== null,
  perform,
  judge: judgeFailover,
};

async function perform({ lab, plan, templates, power }: DrillContext): Promise<FailoverSeen> {
  const nodes = nodeRunner(lab, templates, { step: 'failover', deadlineMs: 1_200_000 });
  const echo = serviceOf(plan, 'held');
  const directors = directorsOf(nodes, plan, templates, echo);
  const watch = await watchFromClient(nodes, plan, echo, directors, longestLoad);
  const timeouts = { connectMs: patient(500), answerMs: patient(2000) };
  const load = startLoad(nodes, theNode(plan, 'client').name, serviceOf(plan, 'asked'), timeouts);
  const held = holder(nodes, plan, directors, watch);
  try {
    const { known, ...synced } = await withSync(directors, watch, held, power);
    const unsynced = await withoutSync(directors, watch, held);
    const sloppy = await withHash(directors, watch, held);
    return { wanted, known, ...synced, unsynced, sloppy, requests: await load.stop() };
  } finally {
    await Promise.allSettled([load.stop(), held.letGo(), watch.end(), directors.putBack()]);
  }
}

/** The active director goes and comes back in three ways. */
async function withSync(
  { active, backup, known, link, keepalived }: Directors,
  { move }: WatchingClient,
  held: Holder,
  power: PowerControl,
): Promise<Pick<FailoverSeen, 'known' | 'dies' | 'cutOff' | 'leaves'>> {
  const thereAndBack = async (go: () => Promise<unknown>, comeBack: () => Promise<unknown>): Promise<[Move, Move]> => {
    return [await move(backup, go), await move(active, comeBack)];
  };
  const knownBefore = await known(backup, await held.anew(), wanted);
  const dies = await thereAndBack(
    () => power.cut(active),
    () => power.restore(active),
  );
  const cutOff = await thereAndBack(
    () => link('down'),
    () => link('up'),
  );
  const leaves = await thereAndBack(
    () => keepalived('stop'),
    () => keepalived('start'),
  );
  return { known: knownBefore, dies, cutOff, leaves };
}

/** Nobody tells the backup of the connections. */
async function withoutSync(directors: Directors, { move }: WatchingClient, held: Holder) {
  await held.letGo();
  await directors.stopSyncDaemons();
  await held.anew();
  return move(directors.backup, () => directors.keepalived('stop'));
}

/** Nor is the first one told, when it comes back; but both find the same real server by themselves. */
async function withHash(directors: Directors, { move }: WatchingClient, held: Holder) {
  await held.letGo();
  await directors.scheduleByHash();
  await held.anew();
  return move(directors.active, () => directors.keepalived('start'));
}

interface Holder {
  /** Opens connections from ports that no director knows, and looks at them; returns the first port. */
  anew(): Promise<number>;
  letGo(): Promise<void>;
}

function holder(nodes: NodeRunner, plan: Plan, directors: Directors, watch: WatchingClient): Holder {
  let held: HeldConnections | undefined;
  return {
    anew: async () => {
      const firstPort = await directors.freshPorts(wanted);
      const connections = { firstPort, count: wanted, seconds: longestLoad };
      held = holdConnections(nodes, theNode(plan, 'client').name, serviceOf(plan, 'held'), connections);
      await watch.look();
      return firstPort;
    },
    letGo: async () => {
      const open = held;
      held = undefined;
      await open?.letGo();
    },
  };
}

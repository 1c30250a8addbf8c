import { freshPorts } from '../../ipvs/fresh-ports.ts';
import { parseConnections, readConnections } from '../../ipvs/parse.ts';
import { tableOf } from '../../ipvs/rules.ts';
import { joinAddress } from '../../model/addresses.ts';
import {
  backupOf,
  inUse,
  nicOn,
  nodesOf,
  type Plan,
  type PlannedService,
  serversBy,
  sysctlOf,
} from '../../plan/plan.ts';
import { renderPlan, type Templates } from '../../render/render.ts';
import { daemonsOf } from '../shared/drilled-service.ts';
import type { NodeRunner } from '../shared/node-runner.ts';

/** Connections that the client opens. */
export const opened = 20;

/** What the drill does to the two directors, and reads from them. */
export interface Directors {
  /** The director that has the VIP while nothing has failed. */
  active: string;
  backup: string;
  /** keepalived and the front NIC of the active director. */
  keepalived(verb: 'start' | 'stop'): Promise<unknown>;
  link(state: 'up' | 'down'): Promise<unknown>;
  /**
   * Makes the backup give the VIP back, which it keeps with nopreempt. Nothing delays that as preempt_delay does, so the active director
   * gets the VIP when it is ready. Returns when the backup is ready again.
   * @param firstPort of the open connections that both must know
   */
  giveBack(firstPort?: number): Promise<unknown>;
  stopSyncDaemons(): Promise<unknown>;
  /** Turns on mh and sloppy_tcp: then both directors choose the same real server for a connection that they do not know. */
  scheduleByHash(): Promise<unknown>;
  /** The first of `count` ports in a row that neither director remembers. */
  freshPorts(count: number): Promise<number>;
  /** How many of the connections from this port on a director knows. Waits for the sync daemons, which send every two seconds. */
  known(node: string, firstPort: number): Promise<number>;
  /** Waits for the VIP on a director; false when it takes too long. */
  awaitVip(node: string): Promise<boolean>;
  /** Undoes all of that, on each director that runs. */
  putBack(): Promise<unknown>;
}

/** @param held the service whose connections are held */
export function directorsOf(nodes: NodeRunner, plan: Plan, templates: Templates, held: PlannedService): Directors {
  const { run, script } = nodes;
  const [active, backup] = nodesOf(plan, 'director');
  if (!active || !backup) throw new Error('a plan without two directors');
  const both = <T>(work: (node: string) => Promise<T>) => Promise.all([active.name, backup.name].map(work));
  const keepalived = (verb: 'start' | 'stop') => run(active.name, `systemctl ${verb} keepalived`);
  const { mac } = nicOn(active, 'front');
  const link = (state: 'up' | 'down') => script(active.name, 'drills/failover/link', { mac, state });
  const known = async (node: string, firstPort: number) => {
    const pattern = established(firstPort, opened);
    return Number(await script(node, 'drills/failover/await-known', { pattern, count: opened, seconds: 60 }));
  };
  /** keepalived begins with an empty table where it checks the real servers, and a director forgets their connections with them. */
  const ready = async (node: string, firstPort: number | undefined) => {
    const servers = inUse(held).map(({ address, port }) => joinAddress(address, port));
    if (plan.health) await script(node, 'drills/shared/await-servers', { servers, out: false, seconds: 60 });
    if (firstPort !== undefined) await known(node, firstPort);
  };
  const { name: service, scheduler, options } = tableOf(held);
  const schedule = (how: string, sloppy: number) =>
    both((node) => script(node, 'drills/failover/schedule', { service, how, sloppy }));
  return {
    active: active.name,
    backup: backup.name,
    keepalived,
    link,
    giveBack: async (firstPort) => {
      if (!backupOf(plan).nopreempt) return;
      await ready(active.name, firstPort);
      await run(backup.name, 'systemctl restart keepalived');
      await ready(backup.name, firstPort);
    },
    stopSyncDaemons: () => both((node) => run(node, 'sh -s', stopSyncDaemons)),
    scheduleByHash: () => schedule('mh -b mh-port', 1),
    freshPorts: async (count) => {
      const remembered = await both((node) => run(node, readConnections));
      return freshPorts(remembered.flatMap(parseConnections), count, Date.now());
    },
    known,
    awaitVip: async (node) => {
      const seconds = backupOf(plan).preemptDelay + 60;
      return (await script(node, 'drills/failover/await-vip', { vip: held.vip, seconds })).trim() === 'there';
    },
    putBack: () => {
      const sloppy = Number(sysctlOf(plan, 'sloppy_tcp') ?? 0);
      const syncScripts = renderPlan(plan, templates).filter(({ file }) => file.endsWith('-sync.sh'));
      return Promise.allSettled([
        // Health checks keep the table by themselves.
        ...(plan.health ? [] : [schedule(`${scheduler} ${options}`, sloppy)]),
        ...syncScripts.map(({ node, text }) => run(node, 'sh -s', text)),
        link('up'),
        keepalived('start'),
        ...endConnections(nodes, plan, held),
      ]);
    },
  };
}

const stopSyncDaemons = 'ipvsadm --stop-daemon master\nipvsadm --stop-daemon backup\n';

/** Real servers do not learn that a director dropped a connection, and would keep their side of it for ever. */
function endConnections({ run }: NodeRunner, plan: Plan, service: PlannedService): Promise<unknown>[] {
  const commands = daemonsOf(service).flatMap((daemon) => daemon.endConnections ?? []);
  return serversBy(plan, 'nat', 'dr', 'tun').flatMap(({ node }) => commands.map((command) => run(node, command)));
}

/** A pattern for grep -E: established connections from these client ports in /proc/net/ip_vs_conn, which has ports in hexadecimal. */
function established(firstPort: number, count: number): string {
  const ports = Array.from({ length: count }, (_, at) => (firstPort + at).toString(16).toUpperCase().padStart(4, '0'));
  return `^TCP +[0-9A-F]+ (${ports.join('|')}) .* ESTABLISHED`;
}

import { parseConnections, readConnections } from '../../ipvs/parse.ts';
import { tableOf } from '../../ipvs/rules.ts';
import { nicOn, nodesOf, type Plan, type PlannedService, serversBy, theNode } from '../../plan/plan.ts';
import { renderPlan, type Templates } from '../../render/render.ts';
import { freshPorts } from '../../verify/ports.ts';
import { daemonsOf } from '../shared/drilled-service.ts';
import type { NodeRunner } from '../shared/node-runner.ts';

/** What the drill does to the two directors, and asks of them. */
export interface Directors {
  /** The one that has the VIP as long as all is well. */
  active: string;
  backup: string;
  /** Of the active one. */
  keepalived(verb: 'start' | 'stop'): Promise<unknown>;
  link(state: 'up' | 'down'): Promise<unknown>;
  stopSyncDaemons(): Promise<unknown>;
  /** With mh and sloppy_tcp both find the same real server for a connection that nobody told them of. */
  scheduleByHash(): Promise<unknown>;
  /** The first of so many ports in a row that neither remembers. */
  freshPorts(count: number): Promise<number>;
  /** How many of these connections a director knows; waits for the sync daemons, which gather for two seconds. */
  known(node: string, firstPort: number, count: number): Promise<number>;
  /** Whether a director gets the VIP in time. */
  awaitVip(node: string): Promise<boolean>;
  /** What is right already stays; a director that could not be started again is for `lab up`. */
  putBack(): Promise<unknown>;
}

/** @param echo the service whose connections are held */
export function directorsOf(nodes: NodeRunner, plan: Plan, templates: Templates, echo: PlannedService): Directors {
  const { run, script } = nodes;
  const names = nodesOf(plan, 'director').map(({ name }) => name);
  const [active = '', backup = ''] = names;
  const both = <T>(work: (node: string) => Promise<T>) => Promise.all(names.map(work));
  const keepalived = (verb: 'start' | 'stop') => run(active, `systemctl ${verb} keepalived`);
  const { mac } = nicOn(theNode(plan, 'director'), 'front');
  const link = (state: 'up' | 'down') => script(active, 'drills/failover/link', { mac, state });
  const { name: service, scheduler, options } = tableOf(echo);
  const schedule = (how: string, sloppy: number) =>
    both((node) => script(node, 'drills/failover/schedule', { service, how, sloppy }));
  return {
    active,
    backup,
    keepalived,
    link,
    stopSyncDaemons: () => both((node) => run(node, 'sh -s', stopSyncDaemons)),
    scheduleByHash: () => schedule('mh -b mh-port', 1),
    freshPorts: async (count) => {
      const remembered = await both((node) => run(node, readConnections));
      return freshPorts(remembered.flatMap(parseConnections), count, Date.now());
    },
    known: async (node, firstPort, count) => {
      const pattern = established(firstPort, count);
      return Number(await script(node, 'drills/failover/await-known', { pattern, count, seconds: 60 }));
    },
    awaitVip: async (node) => {
      const seconds = (plan.backup?.preemptDelay ?? 0) + 60;
      return (await script(node, 'drills/failover/await-vip', { vip: echo.vip, seconds })).trim() === 'there';
    },
    putBack: () => {
      const endings = daemonsOf(echo).flatMap(({ endConnections }) => endConnections ?? []);
      const sloppy = plan.ipvs.sysctls.find(({ name }) => name === 'sloppy_tcp')?.value ?? 0;
      const syncScripts = renderPlan(plan, templates).filter(({ file }) => file.endsWith('-sync.sh'));
      return Promise.allSettled([
        schedule(`${scheduler} ${options}`, sloppy),
        ...syncScripts.map(({ node, text }) => run(node, 'sh -s', text)),
        link('up'),
        keepalived('start'),
        // Nobody tells them that the director has closed a connection: their side of it would stay for ever.
        ...serversBy(plan, 'dr', 'tun').flatMap(({ node }) => endings.map((command) => run(node, command))),
      ]);
    },
  };
}

const stopSyncDaemons = 'ipvsadm --stop-daemon master\nipvsadm --stop-daemon backup\n';

/** grep(1)'s pattern of open connections from these ports, as /proc/net/ip_vs_conn has them. */
function established(firstPort: number, count: number): string {
  const ports = Array.from({ length: count }, (_, at) => (firstPort + at).toString(16).toUpperCase().padStart(4, '0'));
  return `^TCP +[0-9A-F]+ (${ports.join('|')}) .* ESTABLISHED`;
}

import { join } from 'node:path';
import type { DrillContext } from '../../scripts/drills/drill.ts';
import { firstService } from '../../scripts/drills/shared/drilled-service.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { inUse, type Plan } from '../../scripts/plan/plan.ts';
import type { ProvisionedLab } from '../../scripts/provision/lab-states.ts';
import type { Remote } from '../../scripts/remote/remote.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';

const templates = await loadTemplates(join(projectRoot));

/** What was done to the lab: a command or a template on a node, or its power. */
export interface Deed {
  node: string;
  /** `drills/shared/await-servers`, the command itself, or `cut` and `restore`. */
  what: string;
  /** What went to the command's stdin. */
  input: string;
}

export interface StandIn {
  context: Omit<DrillContext, 'seenBy'>;
  deeds: Deed[];
}

/** Commands that go on until a file is touched. */
const endedBy: Record<string, string> = {
  'drills/shared/client-load': '/run/lvs-lab-load.stop',
  'drills/shared/held-connections': '/run/lvs-lab-hold.stop',
  'drills/load/busy': '/run/lvs-lab-busy.stop',
};

/**
 * A lab without machines, in which each script prints what it would print if all went well.
 * @param interruptAt the number of the command, which is done, but whose end nobody waits for: like all others that go on, it is
 *   interrupted. What comes later works again.
 */
export function standInLab(plan: Plan, interruptAt = Number.POSITIVE_INFINITY): StandIn {
  const deeds: Deed[] = [];
  const waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  let commands = 0;
  let uptime = 0;

  const interruptIfNow = () => {
    if (++commands !== interruptAt) return;
    for (const { reject } of waiting.values()) reject(new Error('interrupted'));
    throw new Error('interrupted');
  };
  const exec = async (node: string, command: string, { input = '', step = '' }: { input?: string; step?: string }) => {
    const what = command === 'sh -s' && templates.has(step) ? step : command;
    deeds.push({ node, what, input });
    interruptIfNow();
    const [, touched] = /^touch (\S+)$/.exec(command) ?? [];
    if (touched) waiting.get(touched)?.resolve();
    const file = endedBy[what];
    if (file) await new Promise<void>((resolve, reject) => waiting.set(file, { resolve, reject }));
    return { code: 0, stdout: outputOf(plan, what, input, ++uptime), stderr: '' };
  };
  const remotes = new Map(
    plan.nodes.map(({ name }) => {
      const asRoot = (command: string) => command;
      const remote = { node: name, asRoot, exec: (command: string, options: object) => exec(name, command, options) };
      return [name, remote as unknown as Remote];
    }),
  );
  const power = (what: 'cut' | 'restore') => async (node: string) => {
    deeds.push({ node, what, input: '' });
    interruptIfNow();
  };
  const lab = { plan, place: { lab: plan.lab }, machines: [], remotes } as unknown as ProvisionedLab;
  const powerControl = { cut: power('cut'), restore: power('restore') };
  return { deeds, context: { lab, plan, templates, power: powerControl, startOthers: () => {} } };
}

function outputOf(plan: Plan, what: string, input: string, uptime: number): string {
  const servers = inUse(firstService(plan));
  switch (what) {
    case 'drills/shared/await-requests':
      return `${uptime}\n`;
    case 'drills/shared/client-load':
      return `@@request 0.5 0.6 This is real server ${servers[0]?.server}\n`;
    case 'drills/shared/visits':
      return [...input.matchAll(/^visit (\S+) /gm)].map(([, kind]) => `@@visit ${kind} rs2 yes 200 0.5 \n`).join('');
    case 'drills/shared/await-servers':
      return 'done\n';
    case 'drills/load/await-weight':
      return servers.map(({ address, port }) => `@@weight ${address}:${port} 8\n`).join('');
    case 'drills/clock/wrong-clock':
      return '@@wrong 100 6000\n@@right 200\nSystem clock wrong by 0.001 seconds\n';
    case 'drills/site/wordpress':
      return '@@post 4\n@@picture same\n';
    case 'drills/site/write':
      return 'written\n';
    case 'drills/shared-disk/survivor':
      return '@@usable 1.0 2.0\n@@files 5 0\n';
    case 'drills/shared-disk/scribble':
      return '@@writing\n';
    case 'drills/shared-disk/read-back':
      return '@@read\n';
    case 'drills/failover/ask-held':
      return `@@now\n${uptime}\n@@held\n20\n@@neighbour\n@@announced\n`;
    case 'drills/failover/await-known':
      return '20\n';
    case 'drills/failover/await-vip':
      return 'there\n';
    default:
      return '';
  }
}

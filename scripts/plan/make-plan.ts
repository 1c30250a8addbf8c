import { wrrRound } from '../ipvs/predict.ts';
import { prefixOf } from '../model/addresses.ts';
import type { Lab, ProviderName, Scheduler } from '../model/lab.ts';
import type { NetworkName, Nic, Plan, PlannedNode, PlannedScript, Role } from './plan.ts';
import { clientScripts, directorScripts, realServerScripts } from './scripts.ts';

export interface PlanOptions {
  provider?: ProviderName | undefined;
  /** Vagrant box to make the machines of, instead of the one that the Vagrantfile chooses. */
  box?: string | undefined;
  /** How many requests `verify` sends, instead of a number that suits the scheduler. */
  requests?: number | undefined;
}

/** Lab → plan: everything a provider, the renderer and the checks need, resolved. Same lab, same plan. */
export function makePlan(lab: Lab, { provider = 'qemu', box, requests }: PlanOptions = {}): Plan {
  const client = node('client', 'client', [nic(lab, 'front', lab.client, 'client', 1)]);
  const director = node('director', 'director', [
    nic(lab, 'front', lab.director.front, 'director', 1),
    ...(lab.director.back ? [nic(lab, 'back', lab.director.back, 'director', 1)] : []),
  ]);
  const realServers = lab.realServers.map((server, index) =>
    node(server.name, 'real-server', [
      nic(lab, server.mode === 'nat' ? 'back' : 'front', server.address, 'real-server', index + 1),
    ]),
  );
  return {
    schema: 'lvs-lab/plan/1',
    lab: lab.name,
    title: lab.title,
    mode: lab.mode,
    release: lab.release,
    memory: lab.memory,
    provider,
    ...(box && { box }),
    networks: (['front', 'back'] as const).flatMap((name) => {
      const cidr = lab.networks[name];
      return cidr ? [{ name, cidr }] : [];
    }),
    nodes: [client, director, ...realServers],
    service: lab.service,
    ipvs: lab.ipvs,
    realServers: lab.realServers.map(({ name, ...rest }) => ({ node: name, ...rest })),
    phases: [
      {
        name: 'set up',
        scripts: [
          ...numbered(client, clientScripts(client)),
          ...numbered(director, directorScripts(lab, director)),
          ...lab.realServers.flatMap((server, index) => {
            const planned = realServers[index] as PlannedNode;
            return numbered(planned, realServerScripts(lab, server, planned));
          }),
        ],
      },
    ],
    requests: requests ?? enoughRequests(lab.realServers, lab.service.scheduler),
  };
}

function node(name: string, role: Role, nics: Nic[]): PlannedNode {
  return { name, role, nics };
}

function nic(lab: Lab, network: NetworkName, address: string, role: Role, number: number): Nic {
  return { network, mac: macOf(network, role, number), address, prefix: prefixOf(lab.networks[network] ?? '') };
}

/**
 * A MAC that says whose it is: 52:54:00 (QEMU's own range), network (01 front, 02 back), role (0c client,
 * 0d director, 05 real server), number. Lab networks are closed, so labs side by side may use the same.
 */
export function macOf(network: NetworkName, role: Role, number: number): string {
  const roles: Record<Role, string> = { client: '0c', director: '0d', 'real-server': '05' };
  return `52:54:00:${network === 'front' ? '01' : '02'}:${roles[role]}:${number.toString(16).padStart(2, '0')}`;
}

/** Whole rounds of the scheduler, two at least and twelve requests or more; at most 200, whatever the weights. */
export function enoughRequests(realServers: readonly { weight: number }[], scheduler: Scheduler): number {
  const weights = realServers.map(({ weight }) => weight);
  const round = scheduler === 'wrr' ? wrrRound(weights) : weights.length;
  return Math.min(200, Math.max(1, round) * Math.max(2, Math.ceil(12 / Math.max(1, round))));
}

function numbered({ name }: PlannedNode, scripts: readonly Omit<PlannedScript, 'node' | 'file'>[]): PlannedScript[] {
  return scripts.map((script, index) => ({
    node: name,
    file: `${(index + 1) * 10}-${script.template.split('/').at(-1)}.sh`,
    ...script,
  }));
}

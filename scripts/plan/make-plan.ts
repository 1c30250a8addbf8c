import { wrrRound } from '../ipvs/predict.ts';
import { prefixOf } from '../model/addresses.ts';
import { sameKernel } from '../model/kernels.ts';
import type { Lab, Service } from '../model/lab.ts';
import { networkOf } from '../model/network-of.ts';
import { backupName } from '../model/nodes.ts';
import { directorName, type NetworkName } from '../model/words.ts';
import { defaultProvider, type ProviderName } from '../providers/index.ts';
import { clockClients } from './clock.ts';
import {
  type Nic,
  type Phase,
  type Plan,
  type PlannedNode,
  type PlannedScript,
  planSchema,
  type Role,
} from './plan.ts';
import {
  clientScripts,
  directorScripts,
  phases,
  realServerScripts,
  routerScripts,
  type Step,
  siteServerScripts,
} from './scripts.ts';
import { diskOf, planSite } from './site.ts';

interface PlanOptions {
  /** Path of the lab file, where the lab is named by it. */
  file?: string | undefined;
  provider?: ProviderName | undefined;
  /** Vagrant box, instead of the one that the Vagrantfile chooses. */
  box?: string | undefined;
  /** How many requests `verify` sends, instead of a number that fits the scheduler. */
  requests?: number | undefined;
}

/** Turns a lab into a plan, with everything that a provider, the renderer and the checks need. The same lab gives the same plan. */
export function makePlan(lab: Lab, { file, provider = defaultProvider, box, requests }: PlanOptions = {}): Plan {
  const nodes = plannedNodes(lab);
  return {
    schema: planSchema,
    lab: lab.name,
    ...(file && { file }),
    title: lab.title,
    mode: lab.mode,
    release: lab.release,
    kernel: lab.kernel,
    memory: lab.memory,
    provider,
    ...(box && { box }),
    family: lab.family,
    networks: (['front', 'back', 'remote'] as const).flatMap((name) => {
      const cidr = lab.networks[name];
      return cidr ? [{ name, cidr }] : [];
    }),
    nodes: nodes.map(({ node }) => node),
    packages: each(nodes.flatMap(({ steps }) => steps.flatMap(({ packages = [] }) => packages))).sort(),
    services: lab.services.map((service) => ({ ...service, requests: requests ?? enoughRequests(service) })),
    ipvs: lab.ipvs,
    health: lab.health,
    backup: lab.backup,
    ...(lab.oneArm && { oneArm: lab.oneArm }),
    clock: clockClients(lab),
    realServers: lab.realServers.map(({ name, ...rest }) => ({ node: name, ...rest })),
    site: planSite(lab),
    phases: phasesOf(nodes.flatMap(({ node, steps }) => numbered(node, steps))),
  };
}

/** Every node with the scripts that set it up. */
function plannedNodes(lab: Lab): { node: PlannedNode; steps: Step[] }[] {
  const { director, backup, router } = lab;
  const planned = (name: string, role: Role, nics: Nic[], stepsOf: (node: PlannedNode) => Step[]) => {
    const disk = diskOf(lab, name);
    const kernel = lab.kernels[name];
    const module = lab.modules[name];
    const bare = {
      name,
      role,
      nics,
      warm: [],
      ...(kernel && !sameKernel(kernel, lab.kernel) && { kernel }),
      ...(module && { module }),
      ...(disk && { disk }),
    };
    const steps = stepsOf(bare);
    return { node: { ...bare, warm: each(steps.flatMap(({ warm }) => warm ?? [])) }, steps };
  };
  const directorAt = (name: string, nics: Nic[]) =>
    planned(name, 'director', nics, (node) => directorScripts(lab, node));
  const inside = (address: string | undefined, number: number) =>
    address ? [nic(lab, 'back', address, 'director', number)] : [];
  const nicsOfRouter = router && [
    nic(lab, 'front', router.front, 'router', 1),
    nic(lab, 'remote', router.remote, 'router', 1),
  ];
  const realServers = lab.realServers.filter(({ local }) => !local);
  return [
    planned('client', 'client', [nic(lab, 'front', lab.client, 'client', 1)], (node) => clientScripts(lab, node)),
    directorAt(directorName, [nic(lab, 'front', director.front, 'director', 1), ...inside(director.back, 1)]),
    ...(backup
      ? [directorAt(backupName, [nic(lab, 'front', backup.front, 'director', 2), ...inside(backup.back, 2)])]
      : []),
    ...(nicsOfRouter ? [planned('router', 'router', nicsOfRouter, (node) => routerScripts(lab, node))] : []),
    ...realServers.map((server, at) => {
      const own = nic(lab, networkOf(server.mode, lab.networks), server.address, 'real-server', at + 1);
      return planned(server.name, 'real-server', [own], (node) => realServerScripts(lab, server, node));
    }),
    ...lab.siteServers.map(({ name, addresses }, at) => {
      const nics = addresses.map(({ network, address }) => nic(lab, network, address, 'site-server', at + 1));
      return planned(name, 'site-server', nics, (node) => siteServerScripts(lab, node));
    }),
  ];
}

/** The same values, each once. */
function each(values: readonly string[]): string[] {
  return [...new Set(values)];
}

/** Phases that have scripts, in their order. */
function phasesOf(scripts: ReturnType<typeof numbered>): Phase[] {
  return phases.flatMap((name) => {
    const own = scripts.filter(({ phase }) => phase === name).map(({ script }) => script);
    return own.length > 0 ? [{ name, scripts: own }] : [];
  });
}

function nic(lab: Lab, network: NetworkName, address: string, role: Role, number: number): Nic {
  return { network, mac: macOf(network, role, number), address, prefix: prefixOf(lab.networks[network] ?? '') };
}

/**
 * A MAC address that shows its owner: 52:54:00 (QEMU's range), network (01 front, 02 back, 03 remote), role (0c client, 0d director,
 * 0e router, 05 real server, 0f server of the site), number. Lab networks are closed, so labs side by side can use the same.
 */
export function macOf(network: NetworkName, role: Role, number: number): string {
  const networks: Record<NetworkName, string> = { front: '01', back: '02', remote: '03' };
  const roles: Record<Role, string> = {
    client: '0c',
    director: '0d',
    router: '0e',
    'real-server': '05',
    'site-server': '0f',
  };
  return `52:54:00:${networks[network]}:${roles[role]}:${number.toString(16).padStart(2, '0')}`;
}

/** How many requests show the scheduler: whole rounds, two or more of them, twelve requests or more, 200 at most. */
function enoughRequests({ destinations, scheduler }: Pick<Service, 'destinations' | 'scheduler'>): number {
  const weights = destinations.map(({ weight }) => weight);
  const round = scheduler === 'wrr' ? wrrRound(weights) : weights.length;
  return Math.min(200, Math.max(1, round) * Math.max(2, Math.ceil(12 / Math.max(1, round))));
}

/** Numbers a node's scripts in the order in which they run. */
function numbered({ name }: PlannedNode, steps: readonly Step[]): { phase: string; script: PlannedScript }[] {
  return steps.map(({ phase = phases[0], template, context }, index) => {
    const file = `${(index + 1) * 10}-${template.split('/').at(-1)}.sh`;
    return { phase, script: { node: name, file, template, context } };
  });
}

import { joinAddress } from '../model/addresses.ts';
import type { NetworkName } from '../model/words.ts';
import { type Plan, theNode } from '../plan/plan.ts';
import type { StateDifference } from '../state/state.ts';

/** The real servers whose requests a difference can disturb: the real server itself, or all those that its node leads to. */
export function hurtBy(plan: Plan, { node, section, key }: StateDifference): string[] {
  const { services } = plan;
  if (section === 'ipvs' && key.includes(' -r ')) {
    const server = key.split(' -r ')[1];
    const named = services.flatMap(({ destinations }) =>
      destinations.filter(({ address, port }) => joinAddress(address, port) === server).map((one) => one.server),
    );
    if (named.length > 0) return [...new Set(named)];
  }
  return hurtByNode(plan, node);
}

/** The real servers whose requests a node can disturb. */
export function hurtByNode(plan: Plan, node: string): string[] {
  const { realServers, nodes } = plan;
  const all = realServers.map((one) => one.node);
  if (node === theNode(plan, 'director').name || node === theNode(plan, 'client').name) return all;
  if (all.includes(node)) return [node];
  // A router leads to the real servers of its second network.
  const router = nodes.find((one) => one.name === node && one.role === 'router');
  const networks: NetworkName[] = router?.nics.map(({ network }) => network).filter((one) => one !== 'front') ?? [];
  return all.filter((server) =>
    nodes.find((one) => one.name === server)?.nics.some(({ network }) => networks.includes(network)),
  );
}

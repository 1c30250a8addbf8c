import type { LineSettings } from '../model/line.ts';
import type { NetworkName } from '../model/words.ts';
import { type Plan, theNode } from '../plan/plan.ts';
import { providerInfo } from '../providers/index.ts';
import type { Act } from './fault.ts';
import { nearServers } from './servers.ts';

/** The line of a machine in a network of the director. */
export interface NodeLine {
  node: string;
  network: NetworkName;
  /** The machine's address there. */
  address: string;
  /** The real servers behind this line: one, or for the client's line all of them. */
  servers: string[];
  /** A machine that sends pings over it. */
  asker: string;
}

/** Lines of the real servers, and that of the client; none where the provider cannot change lines. */
export function nodeLines(plan: Plan): NodeLine[] {
  if (!providerInfo(plan.provider).capabilities.lines) return [];
  const director = theNode(plan, 'director').name;
  const client = theNode(plan, 'client');
  const all = plan.realServers.map(({ node }) => node);
  return [
    ...nearServers(plan).map(({ server: { node, address }, nic: { network } }) => {
      return { node, network, address, servers: [node], asker: director };
    }),
    ...client.nics.map(({ network, address }) => {
      return { node: client.name, network, address, servers: all, asker: director };
    }),
  ];
}

/** Makes a line bad, and good again. */
export function badLine({ node, network }: NodeLine, line: LineSettings): { make: Act[]; mend: Act[] } {
  return { make: [{ node, network, line }], mend: [{ node, network, line: {} }] };
}

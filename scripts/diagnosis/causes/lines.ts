import type { NetworkName } from '../../model/words.ts';
import { type Plan, theNode } from '../../plan/plan.ts';
import type { Suspect } from '../cause.ts';
import type { LineSeen } from '../echoes/echoes.ts';
import type { Evidence, NodeState } from '../evidence.ts';
import { hurtByNode } from '../reach.ts';
import { type FoundFault, faultOf } from './line-faults.ts';

/** A bad line: that of a node to a network. */
interface BadLine {
  node: string;
  network: NetworkName;
  found: FoundFault;
}

/** Lines that lose, delay, double or reorder frames, where nothing that differs on their two machines can be the reason. */
export function lines(evidence: Evidence): Suspect[] {
  const { plan, lines: all = [], states } = evidence;
  const director = theNode(plan, 'director').name;
  const networks = [...new Set(all.map(({ node }) => networkOf(plan, node)))];
  return networks
    .flatMap((network) =>
      badLines(
        plan,
        network,
        all.filter(({ node }) => networkOf(plan, node) === network),
        all,
      ),
    )
    .filter(({ node }) => ![node, director].some((one) => states.get(one)?.told.some(canTouchFrames)))
    .map(({ node, network, found: { id, what, why, seen } }) => ({
      ...{ id, node, layer: 'line', object: `the line of ${node} to ${network}`, proof: 'seen', mend: [] },
      what: what(node),
      why,
      explains: ['pace', 'large'],
      hurts: hurtByNode(plan, node),
      evidence: [seen, excluded([...new Set([node, director])], states)],
    }));
}

/** Where all lines of a network are bad in the same way, it is the one that all echoes take: the director's. */
function badLines(plan: Plan, network: NetworkName, own: readonly LineSeen[], all: readonly LineSeen[]): BadLine[] {
  const bad = own.flatMap((line): BadLine[] => {
    const found = faultOf(line, all);
    return found ? [{ node: line.node, network, found }] : [];
  });
  const [first] = bad;
  const shared = own.length > 1 && bad.length === own.length && bad.every(({ found }) => found.id === first?.found.id);
  return shared && first ? [{ ...first, node: theNode(plan, 'director').name }] : bad;
}

/** The network in which the director and a machine next to it are. */
function networkOf(plan: Plan, node: string): NetworkName {
  const networks = (name: string) =>
    plan.nodes.flatMap((one) => (one.name === name ? one.nics.map(({ network }) => network) : []));
  const own = networks(node);
  const shared = networks(theNode(plan, 'director').name).find((network) => own.includes(network));
  if (!shared) throw new Error(`${node} is not next to the director`);
  return shared;
}

/** Sections of the state by which a node can lose, delay, double or reorder frames. */
const ofFrames = [
  ...[
    'link',
    'nic',
    'netns',
    'qdisc',
    'class',
    'filter',
    'offload',
    'neighbour',
    'address',
    'route',
    'rule',
    'nexthop',
  ],
  ...['xfrm', 'nft', 'iptables', 'ip6tables', 'arptables', 'ebtables', 'busy'],
];

/** Sysctls by which a kernel drops, refuses or delays echoes. */
const ofEchoes = /rp_filter|accept_local|icmp|\.neigh\.|arp_|netdev|dev_weight|disable_ipv6|default_ttl|hop_limit/;

function canTouchFrames({ section, key }: { section: string; key: string }): boolean {
  return section === 'sysctl' ? ofEchoes.test(key) : ofFrames.includes(section);
}

function excluded(nodes: readonly string[], states: ReadonlyMap<string, NodeState>): string {
  const known = nodes.filter((node) => states.get(node)?.recorded !== undefined);
  if (known.length < nodes.length) {
    const unknown = nodes.filter((node) => !known.includes(node));
    return `lab up has recorded no state of ${unknown.join(' and ')}, so a setting there may do it as well`;
  }
  return `no setting that lab diff compares and that could do it differs on ${nodes.join(' or ')}`;
}

import type { NetworkName } from '../../model/words.ts';
import { type Plan, theNode } from '../../plan/plan.ts';
import type { Suspect } from '../cause.ts';
import type { LineSeen } from '../echoes/echoes.ts';
import type { Evidence, NodeState } from '../evidence.ts';
import { hurtByNode } from '../reach.ts';
import { type FoundFault, faultOf } from './line-faults.ts';

/** A bad line between a node and a network. */
interface BadLine {
  node: string;
  network: NetworkName;
  found: FoundFault;
}

/** Lines that lose, delay, duplicate or reorder frames, if no change on the two machines can be the reason. */
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

/** If all lines of a network seem bad in the same way, the director's line is the bad one: all pings pass it. */
function badLines(plan: Plan, network: NetworkName, own: readonly LineSeen[], all: readonly LineSeen[]): BadLine[] {
  const bad = own.flatMap((line): BadLine[] => {
    const found = faultOf(line, all);
    return found ? [{ node: line.node, network, found }] : [];
  });
  const [first] = bad;
  const shared = own.length > 1 && bad.length === own.length && bad.every(({ found }) => found.id === first?.found.id);
  return shared && first ? [{ ...first, node: theNode(plan, 'director').name }] : bad;
}

/** The network that the director and another machine have in common. */
function networkOf(plan: Plan, node: string): NetworkName {
  const networks = (name: string) =>
    plan.nodes.flatMap((one) => (one.name === name ? one.nics.map(({ network }) => network) : []));
  const own = networks(node);
  const shared = networks(theNode(plan, 'director').name).find((network) => own.includes(network));
  if (!shared) throw new Error(`${node} is in no network of the director`);
  return shared;
}

/** Sections of the state with which a node can lose, delay, duplicate or reorder frames. */
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

/** Sysctls with which a kernel drops, refuses or delays pings. */
const ofEchoes = /rp_filter|accept_local|icmp|\.neigh\.|arp_|netdev|dev_weight|disable_ipv6|default_ttl|hop_limit/;

function canTouchFrames({ section, key }: { section: string; key: string }): boolean {
  return section === 'sysctl' ? ofEchoes.test(key) : ofFrames.includes(section);
}

function excluded(nodes: readonly string[], states: ReadonlyMap<string, NodeState>): string {
  const known = nodes.filter((node) => states.get(node)?.recorded !== undefined);
  if (known.length < nodes.length) {
    const unknown = nodes.filter((node) => !known.includes(node));
    return `lab up has recorded no state of ${unknown.join(' and ')}, so a setting there may also be the reason`;
  }
  return `no setting that lab diff compares on ${nodes.join(' and ')} has changed in a way that does this`;
}

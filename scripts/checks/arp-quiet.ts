import { type Plan, type PlannedRealServer, serversBy, theNode } from '../plan/plan.ts';
import { vipsOn } from '../plan/vip-device.ts';
import { owners } from './arp-owner/look.ts';
import { eachRealServer, named } from './check.ts';
import type { CheckKind, Judge } from './check-kind.ts';
import { effectLooks, serves } from './effect.ts';
import { filtersArp, firewallLook } from './firewall/look.ts';
import { type Hint, up } from './hint.ts';
import { addresses } from './looks/addresses.ts';
import { nics } from './looks/nics.ts';
import { effective, sysctls } from './looks/sysctls.ts';
import { isDirector, nodeWith } from './nodes.ts';
import type { Observations } from './observations.ts';
import { capture } from './source/look.ts';
import { heardBy } from './source/way.ts';

/** What is not quiet about a real server, and what was seen of it. */
interface Voice {
  node: string;
  /** It answers who has the VIP, or names the VIP as its own when it asks for others. */
  kind: 'answers' | 'announces';
  /** It was heard, and is not only set up so. */
  heard: boolean;
  /** The settings: `arp_ignore 0`, `192.168.1.3/32 on eth0`. */
  settings: string[];
  /** The command that takes the VIP from a NIC. */
  remove?: string;
}

/**
 * The kernel answers neighbour solicitations only for addresses of the interface that received them (ndisc_recv_ns in
 * net/ipv6/ndisc.c). With arp_ignore 1 the same is true of ARP. So the VIP may be on lo, and on no NIC. With arp_announce 2 the
 * kernel never names the VIP as its own when it asks for another address (arp_solicit in net/ipv4/arp.c).
 */
const judge: Judge = (plan, seen) => {
  const ipv6 = plan.family === 6;
  return eachRealServer(
    serversBy(plan, 'dr', 'tun'),
    {
      title: `no real server ${ipv6 ? 'answers neighbour solicitations' : 'answers ARP'} for the VIP`,
      expected: `${ipv6 ? '' : 'arp_ignore ≥ 1, arp_announce = 2, '}the VIP on no NIC`,
      hint: ([first]) => hintOf(plan, seen, first),
      works: (server) => isQuiet(plan, seen, server),
    },
    ({ node }) => {
      const voices = voicesOf(plan, seen, node);
      return { ok: voices.length === 0, observed: voices.flatMap(voiceInWords).join('; ') };
    },
  );
};

function voicesOf(plan: Plan, seen: Observations, node: string): Voice[] {
  const vips = vipsOn(plan, node);
  const exposed = vipsOnNics(plan, seen, node);
  const values = seen.of(sysctls, node);
  const sysctl = (key: string) => (plan.family === 6 ? undefined : effective(values, 'nic', key));
  const [ignore = 1, announce = 2] = [sysctl('arp_ignore'), sysctl('arp_announce')];
  const isNode = (mac: string) => nodeWith(plan, seen, mac) === node;
  const answers = vips.some((vip) => seen.of(owners, theNode(plan, 'client').name).get(vip)?.some(isNode));
  const announced = heardBy(plan, seen).claims.some(
    ({ mac, address, asked }) => asked && vips.includes(address) && isNode(mac),
  );
  const places = exposed.map(({ cidr, nic }) => `${cidr} on ${nic}`);
  const answering = [...(ignore < 1 ? [`arp_ignore ${ignore}`] : []), ...places];
  const [{ nic, cidr } = {}] = exposed;
  const remove = nic ? { remove: `ip address del ${cidr} dev ${nic}` } : {};
  return [
    ...(answers || answering.length > 0
      ? [{ node, kind: 'answers' as const, heard: answers, settings: answering, ...remove }]
      : []),
    ...(announced || announce !== 2
      ? [{ node, kind: 'announces' as const, heard: announced, settings: [`arp_announce ${announce}`] }]
      : []),
  ];
}

function voiceInWords({ kind, heard, settings }: Voice): string[] {
  const heardOf = { answers: 'it answers for the VIP', announces: 'it names the VIP as its own' }[kind];
  return [...settings, ...(heard ? [heardOf] : [])];
}

/**
 * Whether a real server keeps quiet in another way. Who asks for the VIP heard the director alone. That it never names the VIP as
 * its own cannot be seen; rules that filter ARP are taken for it. Nobody asks for the VIP in a network behind a router.
 */
function isQuiet(plan: Plan, seen: Observations, { node }: PlannedRealServer): boolean {
  const server = plan.nodes.find(({ name }) => name === node);
  if (server?.nics.every(({ network }) => network === 'remote')) return serves(plan, seen, node);
  const client = theNode(plan, 'client').name;
  const asked = vipsOn(plan, node).every((vip) =>
    seen
      .of(owners, client)
      .get(vip)
      ?.some((mac) => isDirector(plan, seen, mac)),
  );
  return voicesOf(plan, seen, node).every(
    ({ kind, heard }) => !heard && (kind === 'answers' ? asked : filtersArp(seen.of(firewallLook, node))),
  );
}

/** An address on a NIC comes first: the kernel answers for it whatever the sysctls say. */
function hintOf(plan: Plan, seen: Observations, { node: first }: PlannedRealServer): Hint {
  const loud = serversBy(plan, 'dr', 'tun').filter((server) => !isQuiet(plan, seen, server));
  const voices = loud.flatMap(({ node }) => voicesOf(plan, seen, node));
  const question = plan.family === 6 ? 'neighbour solicitations' : 'ARP';
  const exposed = voices.find(({ remove }) => remove !== undefined);
  if (exposed?.remove) {
    const { node, settings, heard, remove } = exposed;
    const place = settings.at(-1)?.split(' on ').at(-1);
    const answers = heard ? 'it answers' : 'its kernel answers';
    const cause = `${node} has the VIP on ${place}, so ${answers} ${question} for it, as the director does`;
    return { cause, commands: [{ on: node, run: remove }], see: ['arp-owner'] };
  }
  const nodesThat = (kind: Voice['kind']) => voices.filter((one) => one.kind === kind).map(({ node }) => node);
  const [answering, announcing] = [nodesThat('answers'), nodesThat('announces')];
  if (answering.length > 0) {
    const settings = ['arp_ignore=1', ...(announcing.length > 0 ? ['arp_announce=2'] : [])].join(' and ');
    const cause = `without ${settings} ${named(answering)} can answer ${question} for the VIP, as the director does`;
    return { cause, commands: [up(plan)], see: ['arp-owner'] };
  }
  const names = named(announcing.length > 0 ? announcing : [first]);
  const cause = `without arp_announce=2 ${names} can name the VIP as its own in ARP requests, and who hears that sends there`;
  return { cause, commands: [up(plan)], see: ['neighbour'] };
}

/** VIPs that a real server has on a NIC. */
function vipsOnNics(plan: Plan, seen: Observations, node: string): { nic: string; cidr: string }[] {
  const vips = vipsOn(plan, node);
  const found = seen.of(addresses, node);
  const cards = seen.of(nics, node).filter(({ isCard }) => isCard);
  return cards.flatMap(({ name: nic }) => {
    const own = found.find(({ name }) => name === nic)?.addresses ?? [];
    return own.filter((cidr) => vips.includes(cidr.split('/')[0] ?? '')).map((cidr) => ({ nic, cidr }));
  });
}

export const arpQuiet: CheckKind = {
  id: 'arp-quiet',
  about: 'DR and TUN: no real server answers ARP, or neighbour solicitations, for the VIP, nor names it as its own',
  faults: ['arp-sysctls-missing', 'vip-on-nic'],
  looks: [addresses, nics, sysctls, owners, firewallLook, capture, ...effectLooks],
  judge,
};

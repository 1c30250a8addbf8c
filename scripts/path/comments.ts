import { type CapturedInterface, joined, type Names, pcapngHead, pcapngPacket } from '../capture/pcapng.ts';
import type { Plan } from '../plan/plan.ts';
import type { Decisions } from './decisions.ts';
import { reasonText } from './reasons.ts';
import type { Track } from './track.ts';
import { hopText } from './words.ts';

/** The networks of a lab, as interfaces of a pcapng file. */
export function interfacesOf({ networks, lab }: Plan): CapturedInterface[] {
  return networks.map(({ name, cidr }) => ({ name, description: `network ${name} of lab ${lab}, ${cidr}` }));
}

/** The addresses of the lab with the names of their nodes. A VIP that no NIC has by plan gets the name `vip`. */
export function namesOf({ nodes, services }: Plan): Names {
  const own = nodes.flatMap(({ name, nics }) => nics.map(({ address }) => ({ address, name })));
  const vips = [...new Set(services.map(({ vip }) => vip))].filter(
    (vip) => !own.some(({ address }) => address === vip),
  );
  return [...own, ...vips.map((address) => ({ address, name: 'vip' }))];
}

/** All frames as a pcapng file. Frames of the request have comments: which hop it is, and what the kernel did there. */
export function pathPcapng(plan: Plan, found: Track, application: string): Uint8Array {
  const { sightings } = found;
  const comments = commentsOf(plan, found);
  const networks = plan.networks.map(({ name }) => String(name));
  const order = [...sightings.keys()].sort((a, b) => (sightings[a]?.time ?? 0) - (sightings[b]?.time ?? 0) || a - b);
  return joined([
    pcapngHead(application, interfacesOf(plan), namesOf(plan)),
    ...order.flatMap((at) => {
      const sighting = sightings[at];
      const network = networks.indexOf(sighting?.network ?? '');
      return sighting && network >= 0 ? [pcapngPacket(network, sighting, comments.get(at))] : [];
    }),
  ]);
}

function commentsOf({ nodes }: Plan, { followed, decisions, service, server }: Track): Map<number, string[]> {
  const directors = nodes.filter(({ role }) => role === 'director').map(({ name }) => name);
  const found = new Map<number, string[]>();
  for (const { label, hops, again } of followed.packets) {
    for (const [at, hop] of hops.entries()) {
      const decided = hop.frames.map((frame) => decisions.get(frame)).find((one) => one !== undefined);
      const isFirst = label === 'SYN' && !again && directors.includes(hop.from);
      const chosen =
        isFirst && server ? [choiceText(service.scheduler, server, functionsOf(hop.from, hops, decisions))] : [];
      const comments = [
        `${again ? `${label} again` : label}, hop ${at + 1}: ${hopText(hop)}`,
        ...chosen,
        ...(hop.lost ? [`lost on the line of ${hop.lost.node}`] : []),
        ...(decided?.functions.length ? [`${decided.node}: ${decided.functions.join(' → ')}`] : []),
        ...(decided?.drop ? [`${decided.node} dropped it: ${reasonText(decided.drop)}`] : []),
      ];
      for (const frame of hop.frames) found.set(frame, comments);
    }
  }
  return found;
}

/** The functions that a packet went through on a node. */
function functionsOf(node: string, hops: Track['followed']['packets'][number]['hops'], decisions: Decisions): string[] {
  const all = hops.flatMap(({ frames }) => frames.flatMap((frame) => decisions.get(frame) ?? []));
  return all.filter((one) => one.node === node).flatMap(({ functions }) => functions);
}

/** Who chose the real server. A template of persistence does it without the scheduler, which only the kernel's trace shows. */
function choiceText(scheduler: string, server: string, functions: readonly string[]): string {
  const called = functions.some((name) => /^ip_vs_\w+_schedule$/.test(name));
  return called ? `${scheduler} chose ${server}` : `it goes to ${server}`;
}

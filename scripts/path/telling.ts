import type { Decision, Decisions } from './decisions.ts';
import type { End } from './end.ts';
import type { Followed, Packet } from './followed.ts';
import { samePacket } from './segment.ts';

/**
 * Leaves out drops that mean nothing: a kernel frees an acknowledgement that it has read in the same way as one that it refuses
 * (discard in tcp_rcv_state_process of tcp_input.c). A drop means something where the request ends, or if the packet was sent
 * again.
 */
export function tellingDecisions({ packets }: Followed, end: End | undefined, decisions: Decisions): Decisions {
  const lost = packets.filter((packet) => !packet.bare && wasSentAgain(packets, packet));
  const framesOfLost = new Set(lost.flatMap(({ hops }) => hops.flatMap(({ frames }) => frames)));
  const ofRequest = new Set(packets.flatMap(({ bare, hops }) => (bare ? [] : hops.flatMap(({ frames }) => frames))));
  return new Map(
    [...decisions].map(([frame, decision]): [number, Decision] => {
      const { drop: _, ...rest } = decision;
      const tells = framesOfLost.has(frame) || (decision.node === end?.node && ofRequest.has(frame));
      return [frame, tells ? decision : rest];
    }),
  );
}

function wasSentAgain(all: readonly Packet[], packet: Packet): boolean {
  const later = all.slice(all.indexOf(packet) + 1);
  return later.some(({ way, again, segment }) => again && way === packet.way && samePacket(segment, packet.segment));
}

import { serviceName } from '../ipvs/rules.ts';
import type { Plan } from '../plan/plan.ts';
import { changesOf } from './changes.ts';
import { differenceText } from './compare.ts';
import type { Hop } from './followed.ts';
import { reasonText } from './reasons.ts';
import type { Track } from './track.ts';

/** The document of lab path --json. */
export function pathDocument({ lab }: Plan, found: Track) {
  const { service, sent, server, tries, captured, followed, expected, differences, end } = found;
  const starts = [...followed.neighbours, ...followed.packets.map(({ hops }) => hops[0])];
  const begin = Math.min(...starts.map(({ time }) => time));
  const ms = (time: number) => Math.round(time - begin) / 1000;
  const { answer } = sent;
  return {
    schema: 'lvs-lab/path/1',
    lab,
    service: serviceName(service),
    ok: !end && differences.length === 0,
    server: server ?? null,
    tries,
    captured,
    answer: answer ? { ...answer, server: answer.server ?? null, error: answer.error ?? null } : null,
    neighbours: followed.neighbours.map(({ time, network, asker, address, answers, frames }) => ({
      ms: ms(time),
      ...{ network, asker, address, questions: frames.length },
      answers: answers.map(({ from, mac }) => ({ from, mac })),
    })),
    packets: followed.packets.map(({ way, phase, label, again, hops }) => ({
      ...{ way, phase, label, again },
      hops: hops.map((hop, at) => ({ ms: ms(hop.time), ...hopDocument(found, hop, hops[at - 1]) })),
    })),
    errors: followed.complaints.map(({ hop, what, about }) => {
      return { ms: ms(hop.time), from: hop.from, to: hop.to, what, about };
    }),
    otherFrames: followed.others,
    expected,
    differences: differences.map((one) => ({ ...one, text: differenceText(one) })),
    end: end ? { node: end.node, isLine: end.isLine, what: end.what } : null,
  };
}

function hopDocument({ decisions }: Track, hop: Hop, before: Hop | undefined) {
  const decided = hop.frames.map((frame) => decisions.get(frame)).find((one) => one !== undefined);
  const { frames, network, from, to, fromMac, toMac, source, target, ttl, wrapped, length, copies, lost } = hop;
  return {
    ...{ network, from, to, fromMac, toMac, source, target, ttl, wrapped, length, frames: frames.length, copies },
    changes: changesOf(hop, before).map((text) => text.replaceAll('\u00a0', ' ')),
    lost: lost ?? null,
    functions: decided?.functions ?? [],
    drop: decided?.drop ? { ...decided.drop, meaning: reasonText({ ...decided.drop, where: '' }) } : null,
  };
}

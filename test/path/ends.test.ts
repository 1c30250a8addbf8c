import test from 'ava';
import { differenceText } from '../../scripts/path/compare.ts';
import type { Sighting } from '../../scripts/path/followed.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import * as build from '../capture/build.ts';
import { caseOf } from './cases.ts';
import { printed, tracked } from './drawn.ts';
import { arpExchange, begin, conversation, frameOf, type MadeSegment, page } from './made.ts';

const syn: MadeSegment = { way: 'there', flags: ['SYN'] };
const again: MadeSegment = { ...syn, again: true };

/** A lab, what is seen of a request that goes wrong, and what is said of its end and of its differences. */
interface SickCase {
  title: string;
  lab: string;
  frames: (plan: Plan, hops: Awaited<ReturnType<typeof caseOf>>) => Sighting[];
  end?: string;
  differs?: string[];
}

const sick: SickCase[] = [
  {
    title: 'nobody answers for the VIP',
    lab: 'dr',
    frames: (plan) =>
      [0, 1, 2].flatMap((at) => arpExchange(plan, 'front', 'client', '192.168.1.3', undefined, begin + at * 1e6)),
    end: 'at client: the client sent no packet; client asked for the MAC of 192.168.1.3 3 times and got no answer',
  },
  {
    title: 'the director sends the SYN on to nobody',
    lab: 'dr',
    frames: (plan, { there, back }) =>
      conversation(plan, { there, back }, [
        { ...syn, until: 1 },
        { ...again, until: 1 },
      ]),
    end: 'at director: SYN, sent 2 times, reached director (client → director on front); director did not forward it to rs1',
  },
  {
    title: 'the real server is silent',
    lab: 'dr',
    frames: (plan, { there, back }) => conversation(plan, { there, back }, [syn, again, again]),
    end: 'at rs1: SYN for 192.168.1.3:80 reached rs1; it sent nothing back',
  },
  {
    title: 'the real server refuses',
    lab: 'dr',
    frames: (plan, { there, back }) =>
      conversation(plan, { there, back }, [syn, { way: 'back', flags: ['RST', 'ACK'] }]),
    end: 'at rs1: rs1 refused the connection with RST',
  },
  {
    title: 'the real server accepts and never answers',
    lab: 'dr',
    frames: (plan, { there, back }) => conversation(plan, { there, back }, page.slice(0, 5)),
    end: 'at rs1: request, 83 bytes for 192.168.1.3:80 reached rs1; it sent SYN ACK and 1 more packet, but no answer',
  },
  {
    title: 'a real server takes the VIP’s packets past the director',
    lab: 'dr',
    frames: (plan, { there, back }) => {
      const past = { ...there[0], to: 'rs1' } as (typeof there)[0];
      return conversation(plan, { there: [past], back });
    },
    differs: [
      'on the way there, hop 1: sent to rs1, not to director (SYN and 4 more packets)',
      'on the way there, hop 2: director → rs1 on front was not seen (SYN and 4 more packets)',
    ],
  },
  {
    title: 'the answers of NAT go past the director',
    lab: 'nat',
    frames: (plan, { there, back }) => {
      const stranger = { ...back[0], to: '52:54:00:aa:bb:cc' } as (typeof back)[0];
      return conversation(plan, { there, back: [stranger] }, [syn, { way: 'back', flags: ['SYN', 'ACK'] }]);
    },
    differs: [
      'on the way back, hop 1: sent to 52:54:00:aa:bb:cc, not to director (SYN ACK)',
      'on the way back, hop 2: director → client on front was not seen (SYN ACK)',
    ],
    end: 'at 52:54:00:aa:bb:cc: SYN ACK reached 52:54:00:aa:bb:cc (rs2 → 52:54:00:aa:bb:cc on back); it went no further',
  },
  {
    title: 'the real server has no MAC of its gateway',
    lab: 'nat',
    frames: (plan, { there, back }) => [
      ...conversation(plan, { there, back }, [syn]),
      ...[1, 2].flatMap((at) => arpExchange(plan, 'back', 'rs2', '172.16.10.12', undefined, begin + at * 1e6)),
    ],
    end: 'at rs2: SYN for 172.16.10.212:80 reached rs2; it sent nothing back; rs2 asked for the MAC of 172.16.10.12 2 times and got no answer',
  },
  {
    title: 'a router says that the packet is too long for the tunnel',
    lab: 'tun-remote',
    frames: (plan, { there, back }) => {
      const begun = conversation(plan, { there, back }, [
        ...page.slice(0, 3),
        { way: 'there', flags: ['ACK'], payload: 1448, until: 1 },
      ]);
      const last = begun.at(-1) as Sighting;
      const quoted = { protocol: 4, bytes: [...last.bytes.subarray(14, 62)] };
      const error = {
        network: 'front' as const,
        from: 'director',
        to: 'client',
        source: '192.168.1.2',
        target: '192.168.1.100',
        ttl: 64,
      };
      return [...begun, frameOf(plan, error, () => build.icmp(3, 4, 1480, quoted), last.time + 100)];
    },
    differs: [
      'on the way there, hop 2: director → router on front was not seen (request, 1448 bytes)',
      'on the way there, hop 3: router → rs1 on remote was not seen (request, 1448 bytes)',
    ],
    end: 'at director: request, 1448 bytes reached director; director says by ICMP: fragmentation needed, MTU 1480',
  },
  {
    title: 'a frame is lost on a line, and sent again',
    lab: 'dr',
    frames: (plan, { there, back }) => {
      const frames = conversation(plan, { there, back }, [{ ...syn, until: 2 }, again, ...page.slice(1)]);
      return frames.map((frame, at) => (at === 1 ? { ...frame, lost: { node: 'rs1', way: 'to' } } : frame));
    },
    differs: ['on the way there, hop 2: lost on the line of rs1 (SYN)'],
  },
  {
    title: 'a frame is doubled on its way',
    lab: 'dr',
    frames: (plan, { there, back }) =>
      conversation(plan, { there, back }).flatMap((frame, at) =>
        at === 1 ? [frame, { ...frame, time: frame.time + 20 }] : frame,
      ),
    differs: ['on the way there, hop 2: director → rs1 on front was seen 2 times (SYN)'],
  },
  {
    title: 'every frame is lost on a line',
    lab: 'dr',
    frames: (plan, { there, back }) =>
      conversation(plan, { there, back }, [syn, again]).map((frame, at) =>
        at % 2 === 1 ? { ...frame, lost: { node: 'rs1', way: 'to' } } : frame,
      ),
    differs: ['on the way there, hop 2: lost on the line of rs1 (SYN and 1 more packet)'],
    end: 'on the line of rs1: SYN, sent 2 times, was lost on its way to rs1',
  },
  {
    title: 'the director hides the client behind its own address',
    lab: 'nat',
    frames: (plan, { there, back }) => {
      const [, inside] = there;
      const [answer] = back;
      if (!inside || !answer || !there[0] || !back[1]) throw new Error('hops');
      const hidden = { ...inside, source: '172.16.10.12 1024' };
      return conversation(plan, {
        there: [there[0], hidden],
        back: [{ ...answer, target: '172.16.10.12 1024' }, back[1]],
      });
    },
    differs: [
      'on the way there, hop 2: from 172.16.10.12:1024, not from 192.168.1.100:20001 (SYN and 4 more packets)',
      'on the way back, hop 1: for 172.16.10.12:1024, not for 192.168.1.100:20001 (SYN ACK and 4 more packets)',
    ],
  },
];

for (const { title, lab, frames, end, differs = [] } of sick) {
  test(`lab ${lab}: ${title}`, async (t) => {
    const hops = await caseOf(lab);
    const found = tracked(hops.plan, hops.service, frames(hops.plan, hops), { server: hops.server });
    t.is(found.end && `${found.end.isLine ? 'on the line of' : 'at'} ${found.end.node}: ${found.end.what}`, end);
    t.deepEqual(found.differences.filter(() => differs.length > 0 || !end).map(differenceText), differs);
    t.is(found.followed.others, 0, 'every frame is explained');
    for (const line of printed(hops.plan, found).split('\n')) t.true([...line].length <= 80, line);
  });
}

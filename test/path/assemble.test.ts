import test from 'ava';
import { fromGuests, fromSwitches } from '../../scripts/path/assemble.ts';
import { clocksOf } from '../../scripts/path/clocks.ts';
import type { Sighting } from '../../scripts/path/followed.ts';
import { pcapFile } from '../capture/pcap.ts';
import { caseOf } from './cases.ts';
import { conversation, macOf } from './made.ts';

const pcap = (frames: readonly Sighting[], by = 0) =>
  pcapFile(
    { littleEndian: true, nanoseconds: false },
    frames.map(({ time, bytes, length }) => ({ time: time + by, bytes, length })),
  );

const macs = ({ bytes }: Sighting) => Buffer.from(bytes.subarray(0, 12)).toString('hex');
const lostIn = (found: readonly Sighting[]) =>
  found.flatMap(({ lost }, at) => (lost ? [`${at} ${lost.way} ${lost.node}`] : []));

test('at the switches: what a line lost before or behind the switch, and what was only on its way', async (t) => {
  const { plan, there, back } = await caseOf('dr');
  const frames = conversation(plan, { there, back });
  const rs1 = Buffer.from(macOf(plan, 'rs1', 'front').replaceAll(':', ''), 'hex').toString('hex');
  const ofRs1 = frames.filter((frame) => macs(frame).includes(rs1));
  const [second] = ofRs1; // the SYN to rs1
  const answer = ofRs1.find((frame) => macs(frame).slice(12) === rs1);
  const last = ofRs1.at(-1);
  const captures = [
    {
      network: 'front' as const,
      frames: pcap(frames.filter((frame) => frame !== answer && frame !== last)),
      ends: [{ node: 'rs1', frames: pcap(ofRs1.filter((frame) => frame !== second)) }],
    },
  ];
  const found = fromSwitches(plan, captures);
  t.is(found.length, frames.length - 1, 'the last frame had not come yet');
  t.deepEqual(lostIn(found), ['1 to rs1', `${found.length - 1} from rs1`]);
});

test('in the guests: each frame once, in the right order although clocks differ, and none is lost', async (t) => {
  for (const lab of ['dr', 'nat', 'tun-remote']) {
    const { plan, there, back } = await caseOf(lab);
    const frames = conversation(plan, { there, back });
    const late: Record<string, number> = {
      client: 0,
      director: 3_000_000,
      router: -7000,
      rs1: -1_500_000,
      rs2: 400_000,
    };
    const captures = plan.nodes.flatMap(({ name, nics }) =>
      nics.map(({ network, mac }) => {
        const isSent = (frame: Sighting) =>
          frame.network === network && macs(frame).slice(12) === mac.replaceAll(':', '');
        const isFor = (frame: Sighting) => frame.network === network && macs(frame).startsWith(mac.replaceAll(':', ''));
        // A frame takes 100 µs to its receiver, and comes back to its sender, as by multicast.
        const arrived = frames
          .filter((frame) => isFor(frame) || isSent(frame))
          .map((frame) => ({ ...frame, time: frame.time + 100 }));
        return {
          node: name,
          network,
          sent: pcap(frames.filter(isSent), late[name]),
          reached: pcap(arrived, late[name]),
        };
      }),
    );
    const found = fromGuests(plan, captures).sort((one, other) => one.time - other.time);
    t.deepEqual(
      found.map(({ bytes }) => Buffer.from(bytes).toString('hex')),
      frames.map(({ bytes }) => Buffer.from(bytes).toString('hex')),
      lab,
    );
    t.deepEqual(lostIn(found), [], lab);
  }
});

test('a frame that was sent once before, when only its receiver was captured, does not turn the clocks', (t) => {
  const frame = (sign: string, time: number) => ({
    sign,
    time,
    source: '',
    target: '',
    bytes: new Uint8Array(),
    length: 0,
  });
  const network = 'front';
  const views = [
    { node: 'client', network, sent: [frame('SYN', 0), frame('who has', 100)], reached: [frame('SYN ACK', 300)] },
    {
      node: 'director',
      network,
      sent: [frame('SYN ACK', 1_000_200)],
      reached: [frame('who has', -15_000_000), frame('SYN', 1_000_100), frame('who has', 1_000_200)],
    },
  ];
  t.is(clocksOf(views).get('director'), 1_000_000);
});

import test from 'ava';
import fc from 'fast-check';
import { readPcap, readPcapHeader } from '../../scripts/capture/pcap.ts';
import { joined, pcapngHead, pcapngPacket } from '../../scripts/capture/pcapng.ts';
import { pcapFile, readPcapng } from './pcap.ts';

const record = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 * 1_000_000 - 1 }), fc.uint8Array({ maxLength: 200 }), fc.nat(1600))
  .map(([time, bytes, more]) => ({ time, bytes, length: bytes.length + more }));

test('a pcap file of either byte order and either kind of times reads as it was written', (t) => {
  fc.assert(
    fc.property(fc.boolean(), fc.boolean(), fc.array(record), (littleEndian, nanoseconds, records) => {
      const file = pcapFile({ littleEndian, nanoseconds }, records);
      t.deepEqual(readPcap(file), { records, end: file.length });
      t.deepEqual(readPcapHeader(file), { littleEndian, nanoseconds, linkType: 1 });
    }),
  );
});

test('a pcap file that still grows reads the same, wherever each reading ends', (t) => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 5 }), fc.array(fc.nat(1000)), (records, cuts) => {
      const file = pcapFile({ littleEndian: true, nanoseconds: false }, records);
      const found = [];
      let from = 0;
      for (const cut of [...cuts.sort((a, b) => a - b), file.length]) {
        const { records: some, end } = readPcap(file.subarray(0, cut), from);
        found.push(...some);
        from = end;
      }
      t.deepEqual(found, records);
    }),
  );
});

test('what is no pcap file is refused', (t) => {
  t.throws(() => readPcap(new Uint8Array(40)), { message: 'this is not a pcap file' });
  const file = pcapFile({ littleEndian: true, nanoseconds: false }, [{ time: 0, bytes: new Uint8Array(4), length: 4 }]);
  file[24 + 11] = 0xff;
  t.throws(() => readPcap(file), { message: /damaged at byte 24/ });
});

test('a pcapng file has the networks, the names of nodes, and each frame with its time and comments', (t) => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((one) => !one.includes('\0'));
  fc.assert(
    fc.property(fc.array(fc.tuple(record, fc.array(text, { maxLength: 3 }))), text, (packets, name) => {
      const file = joined([
        pcapngHead(
          'lvs-lab',
          [{ name, description: '192.168.1.0/24' }],
          [
            { address: '192.168.1.3', name: 'VIP' },
            { address: 'fd00:1::3', name: 'VIP6' },
          ],
        ),
        ...packets.map(([one, comments]) => pcapngPacket(0, one, comments)),
      ]);
      const read = readPcapng(file);
      t.deepEqual(read.interfaces, [name]);
      t.deepEqual(read.names, ['VIP', 'VIP6']);
      t.deepEqual(
        read.packets,
        packets.map(([one, comments]) => ({ ...one, at: 0, comments })),
      );
    }),
  );
});

import test from 'ava';
import fc from 'fast-check';
import { ipv6Text } from '../../scripts/capture/bytes.ts';
import { decode } from '../../scripts/capture/decode.ts';
import { type Layer, tcpFlags } from '../../scripts/capture/layers/layer.ts';
import { ipv6Bytes } from '../../scripts/capture/pcapng.ts';
import { canonical } from '../../scripts/model/addresses.ts';
import * as build from './build.ts';

const MAC = ['52:54:00:01:0c:01', '52:54:00:01:0d:01'] as const;
const guePort = 6080;

const byte = fc.nat(255);
const port = fc.integer({ min: 1, max: 65535 }).filter((one) => one !== guePort);
const address4 = fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join('.'));
const address6 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => ipv6Text(bytes, 0));
const whole32 = fc.nat(2 ** 32 - 1);

/** What is built, and the layers that must be read from it. */
type Made = { inside: build.Inside; layers: Layer[] };

const tcp: fc.Arbitrary<Made> = fc
  .record({
    sourcePort: port,
    targetPort: port,
    sequence: whole32,
    acknowledgement: whole32,
    flags: fc.subarray([...tcpFlags]),
    window: fc.nat(65535),
    payload: fc.nat(1400),
  })
  .chain((fields) =>
    fc.option(fc.nat(65535), { nil: undefined }).map((mss) => ({ ...fields, ...(mss !== undefined && { mss }) })),
  )
  .map((fields) => ({ inside: build.tcp(fields), layers: [{ kind: 'tcp', ...fields }] }));

const udp: fc.Arbitrary<Made> = fc.tuple(port, port, fc.nat(1400)).map(([sourcePort, targetPort, payload]) => ({
  inside: build.udp(sourcePort, targetPort, build.data(payload)),
  layers: [{ kind: 'udp', sourcePort, targetPort, payload }],
}));

const sctp: fc.Arbitrary<Made> = fc
  .tuple(
    port,
    port,
    fc.array(fc.record({ type: byte, length: fc.integer({ min: 4, max: 60 }) }), { minLength: 1, maxLength: 4 }),
  )
  .map(([sourcePort, targetPort, chunks]) => ({
    inside: build.sctp(sourcePort, targetPort, chunks),
    layers: [{ kind: 'sctp', sourcePort, targetPort, chunks }],
  }));

const within4 = (made: fc.Arbitrary<Made>): fc.Arbitrary<Made> =>
  fc
    .tuple(made, address4, address4, byte, fc.boolean(), fc.constantFrom(0, 8, 40))
    .map(([{ inside, layers }, source, target, ttl, dontFragment, options]) => ({
      inside: build.ipv4({ source, target, ttl, dontFragment, options }, inside),
      layers: [
        {
          kind: 'ipv4',
          source,
          target,
          ttl,
          dontFragment,
          protocol: inside.protocol ?? 0,
          length: 20 + options + inside.bytes.length,
        },
        ...layers,
      ],
    }));

const within6 = (made: fc.Arbitrary<Made>): fc.Arbitrary<Made> =>
  fc
    .tuple(made, address6, address6, byte, fc.constantFrom(0, 8, 16))
    .map(([{ inside, layers }, source, target, ttl, options]) => ({
      inside: build.ipv6({ source, target, ttl, options }, inside),
      layers: [
        {
          kind: 'ipv6',
          source,
          target,
          ttl,
          protocol: inside.protocol ?? 0,
          length: 40 + options + inside.bytes.length,
        },
        ...layers,
      ],
    }));

const wrapped = (made: fc.Arbitrary<Made>): fc.Arbitrary<Made> =>
  fc.oneof(
    made,
    fc.tuple(made, fc.option(whole32, { nil: undefined })).map(([{ inside, layers }, key]) => ({
      inside: build.gre(inside, key),
      layers: [{ kind: 'gre', protocol: inside.etherType ?? 0 }, ...layers] as Layer[],
    })),
    fc.tuple(made, port, fc.nat(3)).map(([{ inside, layers }, sourcePort, extra]) => {
      const unwrapped = build.gue(inside, extra);
      return {
        inside: build.udp(sourcePort, guePort, unwrapped),
        layers: [
          { kind: 'udp', sourcePort, targetPort: guePort, payload: unwrapped.bytes.length },
          { kind: 'gue', protocol: inside.protocol ?? 0 },
          ...layers,
        ] as Layer[],
      };
    }),
  );

const transport = fc.oneof(tcp, udp, sctp);
const packet = fc.oneof(within4(transport), within6(transport));
const any = fc.oneof(packet, within4(wrapped(packet)), within6(wrapped(packet)), within4(packet), within6(packet));

function framed({ inside, layers }: Made): { frame: Uint8Array; layers: Layer[] } {
  return {
    frame: build.ethernet(MAC[0], MAC[1], inside),
    layers: [{ kind: 'ethernet', source: MAC[0], target: MAC[1] }, ...layers],
  };
}

test('the headers of any frame read as they were written', (t) => {
  fc.assert(
    fc.property(any.map(framed), ({ frame, layers }) => {
      t.deepEqual(decode(frame, frame.length, [guePort]).layers, layers);
    }),
    { numRuns: 500 },
  );
});

test('a frame that was cut reads as far as it goes, and says which header is missing', (t) => {
  fc.assert(
    fc.property(any.map(framed), fc.nat(200), ({ frame, layers }, kept) => {
      const read = decode(frame.subarray(0, kept), frame.length, [guePort]);
      const whole = read.layers.filter(({ kind }) => kind !== 'ports');
      for (const [at, layer] of whole.entries()) {
        const { kind, ...rest } = layer;
        const wanted = layers[at];
        t.is<string | undefined, string | undefined>(kind, wanted?.kind);
        // Options and chunks lie behind the part of a header that must be there.
        if (kind === 'tcp' || kind === 'sctp') continue;
        t.like(wanted, rest as object);
      }
      t.true(read.unread !== undefined || read.layers.at(-1)?.kind === 'ports' || whole.length === layers.length);
    }),
    { numRuns: 500 },
  );
});

test('no bytes make the reader fail', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
      t.notThrows(() => decode(bytes, bytes.length, [guePort]));
      const ip = Uint8Array.from([...bytes.subarray(0, 12), 8, 0, 0x45, ...bytes]);
      t.notThrows(() => decode(ip, ip.length, [guePort]));
    }),
    { numRuns: 1000 },
  );
});

test('IPv6 addresses are written as the kernel writes them', (t) => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constant(0), byte), { minLength: 16, maxLength: 16 }), (bytes) => {
      const text = ipv6Text(Uint8Array.from(bytes), 0);
      t.is(text, canonical(text));
      t.deepEqual(ipv6Bytes(text), bytes);
    }),
  );
});

const client = '192.168.1.100';
const vip = '192.168.1.3';

test('ARP, VLAN and padding', (t) => {
  const fields = { operation: 1, senderMac: MAC[0], sender: client, targetMac: '00:00:00:00:00:00', target: vip };
  const frame = build.ethernet(MAC[0], 'ff:ff:ff:ff:ff:ff', build.vlan(7, build.arp(fields)));
  t.deepEqual(decode(frame, frame.length).layers.slice(1), [
    { kind: 'vlan', id: 7 },
    { kind: 'arp', ...fields, operation: 'request' },
  ]);
  const short = build.ethernet(
    MAC[0],
    MAC[1],
    build.ipv4({ source: client, target: vip, ttl: 64 }, build.udp(1000, 53, build.data(1))),
  );
  const padded = Uint8Array.from([...short, ...Array<number>(60 - short.length).fill(0)]);
  t.deepEqual(decode(padded, 60).payload, Uint8Array.from([0]));
});

test('a fragment that is not the first has no transport header', (t) => {
  const fragment = { id: 99, offset: 1480, more: false };
  for (const [family, header, source, target] of [
    ['ipv4', build.ipv4, client, vip],
    ['ipv6', build.ipv6, 'fd00::1', 'fd00::2'],
  ] as const) {
    const inside = { ...build.data(40), protocol: 17 };
    const frame = build.ethernet(MAC[0], MAC[1], header({ source, target, ttl: 64, fragment }, inside));
    const { layers } = decode(frame, frame.length);
    t.is(layers.length, 2, family);
    t.like(layers[1], { kind: family, fragment });
  }
});

test('an ICMP error quotes the packet that it is about, and the MTU that fits', (t) => {
  const lost = build.ipv4({ source: client, target: vip, ttl: 63 }, build.udp(4000, 53, build.data(1)));
  const error = build.ethernet(
    MAC[1],
    MAC[0],
    build.ipv4({ source: vip, target: client, ttl: 64 }, build.icmp(3, 4, 1400, lost)),
  );
  const read = decode(error, error.length).layers.at(-1);
  t.like(read, { kind: 'icmp', family: 4, type: 3, code: 4, mtu: 1400 });
  t.is(read?.kind === 'icmp' ? read.about?.map(({ kind }) => kind).join(' ') : '', 'ipv4 udp');

  const lost6 = build.ipv6({ source: 'fd00::1', target: 'fd00::2', ttl: 63 }, build.udp(4000, 53, build.data(1)));
  const tooBig = build.icmpv6(2, 0, 1280, lost6);
  const error6 = build.ethernet(MAC[1], MAC[0], build.ipv6({ source: 'fd00::2', target: 'fd00::1', ttl: 64 }, tooBig));
  t.like(decode(error6, error6.length).layers.at(-1), { kind: 'icmp', family: 6, type: 2, mtu: 1280 });
});

test('a neighbour solicitation has the address that is asked for, an advertisement the MAC', (t) => {
  for (const [type, kind] of [
    [135, 1],
    [136, 2],
  ] as const) {
    const about = build.icmpv6(type, 0, 0, build.neighbour('fd00:1::3', { kind, mac: MAC[1] }));
    const frame = build.ethernet(
      MAC[0],
      MAC[1],
      build.ipv6({ source: 'fd00:1::2', target: 'ff02::1', ttl: 255 }, about),
    );
    t.like(decode(frame, frame.length).layers.at(-1), { type, neighbour: { target: 'fd00:1::3', mac: MAC[1] } });
  }
});

test('96 bytes of TCP with IPv6 in IPv6 show the client’s port', (t) => {
  const syn = build.tcp({
    sourcePort: 20001,
    targetPort: 80,
    sequence: 1,
    acknowledgement: 0,
    flags: ['SYN'],
    mss: 1440,
    payload: 0,
  });
  const inner = build.ipv6({ source: 'fd00:1::100', target: 'fd00:1::3', ttl: 63 }, syn);
  const frame = build.ethernet(
    MAC[1],
    MAC[0],
    build.ipv6({ source: 'fd00:1::2', target: 'fd00:1::4', ttl: 63 }, inner),
  );
  const { layers, unread } = decode(frame.subarray(0, 96), frame.length);
  t.is(unread, undefined);
  t.deepEqual(layers.at(-1), { kind: 'ports', protocol: 6, sourcePort: 20001, length: 36 });
});

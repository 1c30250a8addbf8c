import test from 'ava';
import { freshPorts } from '../../scripts/ipvs/fresh-ports.ts';
import type { IpvsConnection } from '../../scripts/ipvs/parse.ts';

const from = (...ports: number[]) => ports.map((clientPort) => ({ clientPort }) as IpvsConnection);

test('ports in a row that IPVS remembers nothing of, from a start on, around the end', (t) => {
  const range = 32_767 - 10_000 + 1;
  t.is(freshPorts([], 3, 0), 10_000);
  t.is(freshPorts(from(10_001), 3, 0), 10_002);
  t.is(freshPorts(from(10_000, 10_004, 10_005), 3, 0), 10_001);
  t.is(freshPorts(from(32_767), 1, range - 1), 10_000);
  t.is(freshPorts(from(32_766), 2, range - 2), 10_000);
});

test('an error says that IPVS remembers connections of every row of ports', (t) => {
  const every = Array.from({ length: 5000 }, (_, at) => 10_000 + at * 5);
  t.throws(() => freshPorts(from(...every), 5, 1234), { message: /there is no row of 5 unused source ports/ });
});

import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { ConnectionError, ProviderError, UsageError } from '../../scripts/errors.ts';
import type { LineSettings } from '../../scripts/model/line.ts';
import {
  isAllRight,
  parseShown,
  requireSensible,
  wirefilterCommands,
} from '../../scripts/providers/qemu/line-settings.ts';
import { Management } from '../../scripts/providers/qemu/management.ts';
import { parsePorts, parseVlans } from '../../scripts/providers/qemu/switch-ports.ts';

// Answers of vde_switch 2.3.2 and wirefilter 2.3.2 (Debian 12).
const ports = `Port 0001 untagged_vlan=0001 ACTIVE - Unnamed Allocatable
 Current User: root Access Control: (User: NONE - Group: NONE)
 IN:  pkts          2          bytes                   83
 OUT: pkts          3          bytes                   72
  -- endpoint ID 0009 module unix prog   : QEMU user=root pid=2018
Port 0002 untagged_vlan=0000 INACTIVE - Unnamed Allocatable
 Current User: NONE Access Control: (User: NONE - Group: NONE)
 IN:  pkts          0          bytes                    0
 OUT: pkts          0          bytes                    0
Port 0129 untagged_vlan=4095 ACTIVE - NOT Unnamed Allocatable
 Current User: root Access Control: (User: NONE - Group: NONE)
 IN:  pkts          0          bytes                    0
 OUT: pkts          0          bytes                    0
  -- endpoint ID 0011 module unix prog   : vde_crosscable user=root PID=2019 SOCK=/x
`;

test('the ports of a switch: number, VLAN, and the process that is plugged in', (t) => {
  t.deepEqual(parsePorts(ports), [
    { number: 1, vlan: 1, active: true, pid: 2018 },
    { number: 2, vlan: 0, active: false },
    { number: 129, vlan: 4095, active: true, pid: 2019 },
  ]);
  t.deepEqual(parsePorts(''), []);
  t.deepEqual(parseVlans('VLAN 0000\n -- Port 0002 tagged=0 active=1 status=Forwarding\nVLAN 0007\n'), [0, 7]);
});

/** What wirefilter shows after these commands; it writes numbers with %g. */
function shownAfter(commands: readonly string[]): string {
  const shown = (name: string, label: string, plus: boolean) => {
    const text = commands.find((one) => one.startsWith(`${name} `))?.slice(name.length + 1) ?? 'LR0';
    const [, way, value = '0', jitter = '0'] = /^(LR|RL)([^+]+)(?:\+(.*)U)?$/.exec(text) ?? [];
    const field = (own: string) => {
      const [a, b] = own === way ? [value, jitter] : ['0', '0'];
      return plus ? `${gFormat(a)}+${gFormat(b)}U` : gFormat(a);
    };
    return `${label} L->R ${field('LR')}   R->L ${field('RL')}`;
  };
  return [
    'WireFilter: bidirectional',
    shown('loss', 'Loss  ', true),
    shown('lostburst', 'Lburst', true),
    shown('delay', 'Delay ', true),
    shown('dup', 'Dup   ', true),
    shown('bandwidth', 'Bandw ', true),
    'Speed  L->R 0+0U   R->L 0+0U',
    shown('noise', 'Noise ', true),
    shown('mtu', 'MTU   ', false),
    'Cap.   L->R 0+0U   R->L 0+0U',
    `Fifoness ${commands.includes('fifo 0') ? 'FALSE' : 'TRUE'}`,
    '',
  ].join('\n');
}

function shownOf(line: LineSettings): { fromNode: string; toNode: string } {
  return {
    fromNode: shownAfter(wirefilterCommands(line, 'fromNode', { tagged: true })),
    toNode: shownAfter(wirefilterCommands(line, 'toNode', { tagged: false })),
  };
}

/** printf's %g: six digits, an exponent of two digits. */
function gFormat(text: string): string {
  const value = Number(text);
  if (value === 0) return '0';
  const exponent = Math.floor(Math.log10(value));
  if (exponent < 6) return String(Number(value.toPrecision(6)));
  return `${Number((value / 10 ** exponent).toPrecision(6))}e+${String(exponent).padStart(2, '0')}`;
}

const way = fc.constantFrom('fromNode', 'toNode', 'both');
const directed = (most: number, least = 1) =>
  fc
    .tuple(way, fc.integer({ min: least, max: most }))
    .map(([one, value]) => (one === 'both' ? value : { [one]: value }));

test('a line that was given settings is read with the same settings', (t) => {
  const settings = fc.record(
    {
      loss: directed(100),
      burst: directed(50),
      delayMs: directed(5000),
      duplicate: directed(99),
      damage: directed(500),
      mtu: directed(1500, 68),
      bandwidth: directed(999_999),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<LineSettings>;
  fc.assert(
    fc.property(settings, fc.boolean(), (some, reorder) => {
      const line: LineSettings = reorder ? { ...some, jitterMs: 80, reorder } : some;
      requireSensible(line);
      t.deepEqual(parseShown(shownOf(line)), line);
    }),
  );
});

test('bandwidth in the form of a large number is read', (t) => {
  const line = { bandwidth: 12_500_000 };
  const shown = shownOf(line);
  t.regex(shown.toNode, /1\.25e\+07/);
  t.deepEqual(parseShown(shown), line);
});

test('the MTU of a line is that of IP: wirefilter counts Ethernet, a tag and a length as well', (t) => {
  const command = (tagged: boolean) =>
    wirefilterCommands({ mtu: 1000 }, 'fromNode', { tagged }).find((one) => one.startsWith('mtu'));
  t.is(command(false), 'mtu LR1016');
  t.is(command(true), 'mtu LR1020');
});

test('nothing, and zero of everything, is a line that is all right', (t) => {
  t.true(isAllRight({}));
  t.true(isAllRight({ loss: 0, delayMs: { toNode: 0 } }));
  t.false(isAllRight({ loss: { fromNode: 1 } }));
});

test('values that no line can have are refused with their limits', (t) => {
  for (const line of [
    { loss: 101 },
    { duplicate: 100 },
    { damage: 700 },
    { mtu: 20 },
    { loss: { toNode: -1 } },
    { reorder: true },
  ]) {
    t.throws(() => requireSensible(line as LineSettings), { instanceOf: UsageError }, JSON.stringify(line));
  }
});

async function switchThatSays(answers: Record<string, string>): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'lab-management-')), 's');
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('VDE switch V.2.3.2\n(C) Virtual Square Team\n\nvde$ ');
    socket.on('data', (data) => {
      const answer = answers[data.toString().trim()];
      if (answer === undefined) socket.destroy();
      // In two pieces, as it may come.
      else for (const piece of [answer.slice(0, 7), answer.slice(7)]) socket.write(piece);
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  server.unref();
  return path;
}

test('a management session: data, success, refusal, silence and the end', async (t) => {
  const path = await switchThatSays({
    'port/allprint': `0000 DATA END WITH '.'\n${ports}.\n1000 Success\n\nvde$ `,
    'vlan/create 7': '1000 Success\n\nvde$ ',
    'vlan/create 0': '1022 Invalid argument\n\nvde$ ',
    'port/allprint 9': "0000 DATA END WITH '.'\n.\n1022 Invalid argument\n\nvde$ ",
    silence: '',
  });
  const open = (deadlineMs = 60_000) => Management.open(path, 'the switch', { deadlineMs });
  const session = await open();
  t.is(await session.command('port/allprint'), ports);
  t.is(await session.command('vlan/create 7'), '');
  for (const refused of ['vlan/create 0', 'port/allprint 9']) {
    const error = await t.throwsAsync(session.command(refused), { instanceOf: ProviderError });
    t.is(error?.message, `the switch refused ${refused}: Invalid argument`);
  }
  await t.throwsAsync(session.command('x'.repeat(200)), { instanceOf: ProviderError });
  t.is(await session.command('vlan/create 7'), '', 'it can still be used');
  await t.throwsAsync(session.command('shutdown'), { instanceOf: ConnectionError, message: /closed the connection/ });
  const impatient = await open(300);
  await t.throwsAsync(impatient.command('silence'), { instanceOf: ConnectionError, message: /the switch: silence/ });
  impatient.close();
  await t.throwsAsync(Management.open('/nowhere/socket', 'the switch', { deadlineMs: 60_000 }), {
    instanceOf: ConnectionError,
  });
});

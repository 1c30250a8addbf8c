import test from 'ava';
import { apart } from '../../scripts/diagnosis/covers.ts';
import { diagnose } from '../../scripts/diagnosis/diagnose.ts';
import type { StateDifference } from '../../scripts/state/state.ts';
import { chainOf } from '../faults/nft-listing.ts';
import { planOf } from '../render/golden.ts';
import { evidenceOf } from './evidence.ts';

const isNew = (section: string, key: string, after = ''): StateDifference => ({ node: 'rs1', section, key, after });
const gone = (section: string, key: string, before = ''): StateDifference => ({ node: 'rs1', section, key, before });
const left = (...all: StateDifference[]) =>
  apart(all)
    .map(({ key }) => key)
    .sort();

for (const [what, all, expected] of [
  [
    'a daemon of another file',
    [isNew('file', '/etc/hosts'), gone('process', 'apache2.service')],
    ['/etc/hosts', 'apache2.service'],
  ],
  [
    'a daemon of the file',
    [isNew('file', '/etc/apache2/ports.conf'), gone('process', 'apache2.service')],
    ['/etc/apache2/ports.conf'],
  ],
  [
    'a daemon of its unit',
    [isNew('file', '/etc/systemd/system/apache2.service.d/x.conf'), gone('process', 'apache2.service')],
    ['/etc/systemd/system/apache2.service.d/x.conf'],
  ],
  [
    'a socket, and a file that no daemon reads',
    [isNew('file', '/etc/hosts'), gone('socket', 'tcp 0.0.0.0:80')],
    ['/etc/hosts', 'tcp 0.0.0.0:80'],
  ],
  [
    'a socket that closes with its daemon',
    [gone('process', 'apache2.service'), gone('socket', 'tcp 0.0.0.0:80')],
    ['apache2.service'],
  ],
  [
    'a socket that closes when another daemon begins',
    [isNew('process', 'nginx'), gone('socket', 'tcp 0.0.0.0:80')],
    ['nginx', 'tcp 0.0.0.0:80'],
  ],
  [
    'a helper, and a sysctl',
    [gone('module', 'ip_vs_ftp'), isNew('sysctl', 'net.ipv4.tcp_sack')],
    ['ip_vs_ftp', 'net.ipv4.tcp_sack'],
  ],
  [
    'a module of the firewall, and a rule',
    [gone('module', 'nft_ct'), gone('nft', 'rule inet x y: ct state new drop')],
    ['rule inet x y: ct state new drop'],
  ],
  [
    'two rules of one chain',
    [
      isNew('nft', 'rule inet x y: tcp dport 80 drop'),
      isNew('nft', 'rule inet x y: udp dport 53 drop'),
      isNew('nft', 'chain inet x y'),
      isNew('nft', 'table inet x'),
    ],
    ['rule inet x y: tcp dport 80 drop', 'rule inet x y: udp dport 53 drop'],
  ],
  [
    'a set of another table',
    [isNew('nft', 'rule inet x y: tcp dport 80 drop'), isNew('nft', 'set inet z banned')],
    ['rule inet x y: tcp dport 80 drop', 'set inet z banned'],
  ],
] as [string, StateDifference[], string[]][]) {
  test(`told apart: ${what}`, (t) => {
    t.deepEqual(left(...all), expected);
  });
}

test('a known fault of a table does not hide another rule there that drops', async (t) => {
  const rules = chainOf('inet own', 'input', ['tcp dport 80 reject', 'udp dport 8472 drop']);
  const { causes, notes } = diagnose(
    evidenceOf(await planOf('dr'), { states: { rs1: [[], rules] }, failed: ['answers'], silent: ['rs1'] }),
  );
  t.deepEqual(
    [...causes, ...notes].map(({ id }) => id),
    ['firewall-rejects', 'nft-differs'],
  );
});

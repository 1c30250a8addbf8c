import test from 'ava';
import { differing } from '../../scripts/diagnosis/causes/differing.ts';
import { nftFacts } from '../../scripts/state/sources/nft.ts';
import type { StateEntry } from '../../scripts/state/state.ts';
import { evidenceOf, fact } from '../diagnosis/evidence.ts';
import { planOf } from '../render/golden.ts';
import { chainOf } from './nft-listing.ts';

const nic = fact('nic', 'front', 'eth0');

async function ids(lab: string, node: string, after: StateEntry[], before: StateEntry[] = []): Promise<string[]> {
  const states = {
    [node]: [
      [nic, ...before],
      [nic, ...before, ...after],
    ] as [StateEntry[], StateEntry[]],
  };
  return [...new Set(differing(evidenceOf(await planOf(lab), { states })).map(({ id }) => id))];
}

const input = (...rules: string[]) => chainOf('inet own', 'input', rules);
const output = (...rules: string[]) => chainOf('inet own', 'output', rules);

for (const [what, lab, node, facts, expected] of [
  // What each fault makes, said in other words.
  [
    'the VIP may not be a source',
    'dr',
    'rs1',
    output('ip saddr 192.168.1.0/29 ip saddr != 192.168.1.4 drop'),
    'firewall-answers-drop',
  ],
  ['a port is refused', 'dr', 'rs1', input('meta l4proto tcp reject with icmp port-unreachable'), 'firewall-rejects'],
  [
    'a policy, and ssh',
    'dr',
    'rs1',
    chainOf(
      'inet own',
      'input',
      ['ct state established,related accept', 'iif "lo" accept', 'tcp dport 22 accept'],
      'drop',
    ),
    'firewall-ssh-only',
  ],
  [
    'the client is blocked at the director',
    'dr',
    'director',
    input('ip saddr 192.168.1.100 drop'),
    'firewall-director-drop',
  ],
  ['nothing is forwarded', 'nat', 'director', chainOf('ip filter', 'forward', ['drop']), 'firewall-forward-drop'],
  ['ARP is dropped', 'dr', 'rs1', chainOf('arp own', 'input', ['drop']), 'firewall-neighbours-drop'],
  ['ICMP is dropped', 'tun', 'client', input('meta l4proto icmp drop'), 'icmp-filtered'],
  // What looks like it, and has nothing to do with the lab.
  ['fail2ban', 'dr', 'rs1', input('ip saddr 203.0.113.7 drop'), 'nft-differs'],
  [
    'fail2ban rejects',
    'dr',
    'rs1',
    input('ip saddr { 203.0.113.7, 203.0.113.9 } reject with icmp port-unreachable'),
    'nft-differs',
  ],
  ['nobody may ask for SNMP', 'dr', 'rs1', input('udp dport 161 reject'), 'nft-differs'],
  ['no pings', 'tun', 'client', input('icmp type echo-request drop'), 'nft-differs'],
  ['no telnet to the director', 'dr', 'director', input('tcp dport 23 drop'), 'nft-differs'],
  ['another host by ARP', 'dr', 'rs1', chainOf('arp own', 'input', ['arp saddr ip 192.168.1.77 drop']), 'nft-differs'],
  [
    'a firewall that lets the web in',
    'dr',
    'rs1',
    chainOf(
      'inet own',
      'input',
      [
        'ct state established,related accept',
        'iif "lo" accept',
        'tcp dport { 22, 80 } accept',
        'icmp type echo-request accept',
      ],
      'drop',
    ),
    'nft-differs',
  ],
  [
    'a firewall that lets the network in',
    'dr',
    'rs1',
    chainOf('inet own', 'input', ['ip saddr 192.168.1.0/24 accept'], 'drop'),
    'nft-differs',
  ],
  ['only foreign sources are forged', 'dr', 'rs1', output('ip saddr 10.0.0.0/8 drop'), 'nft-differs'],
  ['what is invalid', 'dr', 'director', input('ct state invalid drop'), 'nft-differs'],
  ['one forwarded port', 'nat', 'director', chainOf('ip filter', 'forward', ['tcp dport 25 drop']), 'nft-differs'],
  [
    'a mark for the traffic shaper',
    'fwmark',
    'director',
    chainOf('inet own', 'prerouting', ['udp dport 53 meta mark set 5']),
    'nft-differs',
  ],
  [
    'a source that nobody has',
    'nat',
    'director',
    nftFacts(
      'table ip own {\nchain post {\ntype nat hook postrouting priority srcnat; policy accept;\nsnat to 10.0.0.99\n}\n}',
    ),
    'nft-differs',
  ],
] as [string, string, string, StateEntry[], string][]) {
  test(`${what}, on the ${node} of lab ${lab}: ${expected}`, async (t) => {
    t.deepEqual(await ids(lab, node, facts), [expected]);
  });
}

test('rules in a chain that others jump to count as those of its base chain', async (t) => {
  const ruleset = (web: string) =>
    nftFacts(
      `table inet own {\nchain input {\ntype filter hook input priority filter; policy accept;\njump web\n}\nchain web {\n${web}\n}\n}`,
    );
  t.deepEqual(await ids('dr', 'rs1', ruleset('tcp dport 80 reject')), ['firewall-rejects']);
  t.deepEqual(await ids('dr', 'rs1', ruleset('ip saddr 192.168.1.100 return\ntcp dport 80 reject')), ['nft-differs']);
});

test('rules of iptables-legacy: one that drops requests, and one that drops others', async (t) => {
  const rule = (line: string) => [fact('iptables', `filter ${line}`), fact('iptables', 'filter rules INPUT', line)];
  t.deepEqual(await ids('dr', 'rs1', rule('-A INPUT -p tcp -m tcp --dport 80 -j DROP')), ['firewall-legacy']);
  t.deepEqual(await ids('dr', 'rs1', rule('-A INPUT -p tcp -m tcp --dport 23 -j DROP')), ['iptables-differs']);
  t.deepEqual(
    await ids('dr', 'rs1', rule('-A INPUT -s 203.0.113.7/32 -j REJECT --reject-with icmp-port-unreachable')),
    ['iptables-differs'],
  );
});

test('a rule behind one that accepts ends nothing', async (t) => {
  t.deepEqual(await ids('dr', 'rs1', input('tcp dport 80 accept', 'tcp dport 80 reject')), ['nft-differs']);
});

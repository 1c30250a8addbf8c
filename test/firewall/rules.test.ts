import test from 'ava';
import { iptablesRule } from '../../scripts/firewall/iptables-rule.ts';
import { nftRules } from '../../scripts/firewall/nft-rule.ts';
import type { Packet } from '../../scripts/firewall/packet.ts';
import { matches } from '../../scripts/firewall/rule.ts';

/** A request of lab dr, as the NIC of a real server brings it. */
const request: Packet = {
  ...{ node: 'rs1', hooks: ['input'], kind: 'request', family: 4, protocol: 'tcp' },
  ...{ source: '192.168.1.100', destination: '192.168.1.3', sport: [1024, 65535], dport: [80, 80] },
  ...{ in: 'eth0', state: 'new', length: [40, 100], mark: 7 },
};

for (const [rule, answer] of [
  ['drop', 'yes'],
  ['counter packets 3 bytes 180 drop comment "a drop"', 'yes'],
  ['tcp dport 80 drop', 'yes'],
  ['tcp dport { 22, 80-90 } reject with tcp reset', 'yes'],
  ['tcp dport 23 drop', 'no'],
  ['tcp dport != 80 drop', 'no'],
  ['tcp sport 80 drop', 'no'],
  ['tcp sport 5000 drop', 'maybe'],
  ['udp dport 161 reject', 'no'],
  ['th dport 80 drop', 'yes'],
  ['meta l4proto { tcp, udp } drop', 'yes'],
  ['meta l4proto 6 drop', 'yes'],
  ['ip protocol icmp drop', 'no'],
  ['icmp type echo-request drop', 'no'],
  ['ip saddr 203.0.113.7 drop', 'no'],
  ['ip saddr != 192.168.1.0/24 drop', 'no'],
  ['ip saddr 192.168.1.0/24 tcp dport 80 drop', 'yes'],
  ['ip saddr 192.168.1.90-192.168.1.110 drop', 'yes'],
  ['ip saddr @banned drop', 'maybe'],
  ['ip daddr { 192.168.1.3, 192.168.1.9 } drop', 'yes'],
  ['ip6 saddr fd00::/8 drop', 'no'],
  ['iifname "eth0" drop', 'yes'],
  ['iifname "eth*" drop', 'yes'],
  ['iifname "docker0" drop', 'no'],
  ['iif "lo" accept', 'no'],
  ['oifname "eth0" drop', 'maybe'],
  ['ct state established,related accept', 'no'],
  ['ct state { new, invalid } drop', 'yes'],
  ['tcp flags & (fin | syn) == fin drop', 'maybe'],
  ['tcp flags != syn ct state established drop', 'no'],
  ['limit rate 5/second burst 5 packets tcp dport 23 drop', 'no'],
  ['limit rate over 5/second drop', 'maybe'],
  ['meta length > 1200 drop', 'no'],
  ['meta mark 0x00000007 drop', 'yes'],
  ['meta mark 0x8 drop', 'no'],
  ['fib saddr . iif oif missing drop', 'maybe'],
  ['ip saddr . tcp dport { 192.168.1.7 . 80 } drop', 'maybe'],
  ['xt match "owner" tcp dport 23 drop', 'no'],
  ['meta skuid 0 drop', 'maybe'],
  ['log prefix "drop tcp dport 23" drop', 'yes'],
  ['arp operation request drop', 'no'],
] as const) {
  test(`nft: ${rule}: ${answer}`, (t) => {
    t.deepEqual(
      nftRules(rule).map((one) => matches(one, request)),
      [answer],
    );
  });
}

for (const [rule, answer] of [
  ['-A INPUT -j DROP', 'yes'],
  ['-A INPUT -p tcp -m tcp --dport 80 -j DROP', 'yes'],
  ['-A INPUT -p tcp -m tcp --dport 79:81 -j REJECT --reject-with tcp-reset', 'yes'],
  ['-A INPUT -p tcp -m tcp --dport 23 -j DROP', 'no'],
  ['-A INPUT -p udp -m udp --dport 161 -j REJECT --reject-with icmp-port-unreachable', 'no'],
  ['-A INPUT -s 203.0.113.7/32 -j DROP', 'no'],
  ['-A INPUT ! -s 192.168.1.0/24 -j DROP', 'no'],
  ['-A INPUT ! -i lo -p tcp -m multiport --dports 80,443 -m comment --comment "no web" -j DROP', 'yes'],
  ['-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP', 'maybe'],
  ['-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', 'no'],
  ['-A INPUT -m conntrack --ctstate NEW -j DROP', 'yes'],
  ['-A INPUT -m set ! --match-set banned src -j DROP', 'maybe'],
  ['-A INPUT -p icmp -m icmp --icmp-type 8 -j DROP', 'no'],
] as const) {
  test(`iptables: ${rule}: ${answer}`, (t) => {
    t.is(matches(iptablesRule(rule), request), answer);
  });
}

test('a map of verdicts is a rule for each of its keys', (t) => {
  const rules = nftRules('tcp dport vmap { 22 : accept, 80 : drop, 443 : jump web }');
  t.deepEqual(
    rules.map(({ verdict }) => verdict),
    [{ kind: 'accept' }, { kind: 'drop' }, { kind: 'jump', chain: 'web' }],
  );
  t.deepEqual(
    rules.map((rule) => matches(rule, request)),
    ['no', 'yes', 'no'],
  );
});

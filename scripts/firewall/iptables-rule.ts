import { own } from '../own.ts';
import { not, type Packet, type Test } from './packet.ts';
import type { Rule, Verdict } from './rule.ts';
import { areAmong, isDevice, isOneOf, isWord, protocols } from './values.ts';

const ported = ['tcp', 'udp', 'sctp'];

function port(which: 'sport' | 'dport', values: readonly string[]): Test {
  return (packet) => {
    if (packet.protocol !== undefined && !ported.includes(packet.protocol)) return 'no';
    return areAmong(packet[which], values);
  };
}

const icmp: Record<string, string> = {
  '0': 'echo-reply',
  '3': 'destination-unreachable',
  '8': 'echo-request',
  '11': 'time-exceeded',
};

/** Options with one value. */
const options: Record<string, (values: readonly string[]) => Test> = {
  '-s': (values) => (packet) => isOneOf(packet.source, values),
  '-d': (values) => (packet) => isOneOf(packet.destination, values),
  '-p':
    (values) =>
    ({ protocol }) =>
      isWord(protocol, values, protocols),
  '-i': (values) => (packet) => isDevice(packet.in, values),
  '-o': (values) => (packet) => isDevice(packet.out, values),
  '--dport': (values) => port('dport', values),
  '--sport': (values) => port('sport', values),
  '--dports': (values) => port('dport', values),
  '--sports': (values) => port('sport', values),
  '--ctstate':
    (values) =>
    ({ state }) =>
      isWord(
        state,
        values.map((one) => one.toLowerCase()),
      ),
  '--state':
    (values) =>
    ({ state }) =>
      isWord(
        state,
        values.map((one) => one.toLowerCase()),
      ),
  '--icmp-type':
    (values) =>
    ({ type, code }) => {
      const [kind = '', rest] = (values[0] ?? '').split('/');
      if (kind === '3' && rest === '4') return isWord(code, ['frag-needed']);
      return rest === undefined ? isWord(type, [kind], icmp) : 'maybe';
    },
  '--comment': () => () => 'yes',
  '--reject-with': () => () => 'yes',
};

/** Modules that add no condition by themselves. */
const modules = /^(tcp|udp|sctp|icmp|icmp6|multiport|conntrack|state|comment|limit)$/;

/** Reads `-A INPUT -s 192.0.2.1/32 -p tcp -m tcp --dport 80 -j DROP`, as iptables-save prints it. What it does not understand may match. */
export function iptablesRule(line: string): Rule {
  const words = (line.match(/"[^"]*"|\S+/g) ?? []).slice(2);
  const tests: Test[] = [];
  let verdict: Verdict = { kind: 'continue' };
  for (let at = 0; at < words.length; at++) {
    const negated = words[at] === '!';
    if (negated) at++;
    const word = words[at] ?? '';
    // The second value of an option.
    if (!word.startsWith('-')) continue;
    const next = words[at + 1] ?? '';
    const value = next.startsWith('-') || next === '!' ? '' : (words[++at] ?? '');
    if (word === '-j' || word === '-g') verdict = verdictOf(word, value, words.slice(at + 1));
    else if (word === '-m' && modules.test(value)) continue;
    else {
      const test = own(options, word)?.(value.split(',')) ?? ((): 'maybe' => 'maybe');
      tests.push(negated ? (packet: Packet) => not(test(packet)) : test);
    }
  }
  return { tests, verdict };
}

function verdictOf(word: '-j' | '-g', target: string, rest: readonly string[]): Verdict {
  switch (target) {
    case 'DROP':
      return { kind: 'drop' };
    case 'REJECT':
      return { kind: 'reject' };
    case 'ACCEPT':
      return { kind: 'accept' };
    case 'RETURN':
      return { kind: 'return' };
    case 'MASQUERADE':
      return { kind: 'continue', changes: 'masquerade' };
    case 'SNAT':
      return { kind: 'continue', changes: `snat to ${rest[1] ?? ''}` };
    case 'LOG':
    case 'MARK':
      return { kind: 'continue' };
  }
  if (/^[A-Z0-9]+$/.test(target) && ['NFQUEUE', 'DNAT', 'REDIRECT', 'TPROXY', 'TEE'].includes(target))
    return { kind: 'unknown' };
  return { kind: word === '-g' ? 'goto' : 'jump', chain: target };
}

import { own } from '../own.ts';
import { not, type Packet, type Test } from './packet.ts';
import type { Rule, Verdict } from './rule.ts';
import { areAmong, compares, isDevice, isOneOf, isWord, protocols } from './values.ts';

type Values = readonly string[];
type Selector = (values: Values) => Test;

const maybe: Test = () => 'maybe';

const only =
  (fits: (packet: Packet) => boolean, test: Test): Test =>
  (packet) =>
    fits(packet) ? test(packet) : 'no';

const byIpv4 = (test: Test) => only(({ family }) => family === 4, test);
const byIpv6 = (test: Test) => only(({ family }) => family === 6, test);

const protocol: Selector = (values) =>
  only(
    ({ family }) => family !== 'arp',
    ({ protocol: own }) => isWord(own, values, protocols),
  );
const source: Selector = (values) => (packet) => isOneOf(packet.source, values);
const destination: Selector = (values) => (packet) => isOneOf(packet.destination, values);

function port(names: Values, which: 'sport' | 'dport'): Selector {
  return (values) =>
    only(
      (packet) => packet.family !== 'arp' && (packet.protocol === undefined || names.includes(packet.protocol)),
      (packet) => areAmong(packet[which], values),
    );
}

const typed = (name: string, which: 'type' | 'code'): Selector => {
  return (values) =>
    only(
      ({ protocol: own }) => own === undefined || own === name,
      (packet) => isWord(packet[which], values),
    );
};

/** Expressions that are understood, as nft lists them. */
const selectors: Record<string, Selector> = {
  'ip saddr': (values) => byIpv4(source(values)),
  'ip daddr': (values) => byIpv4(destination(values)),
  'ip6 saddr': (values) => byIpv6(source(values)),
  'ip6 daddr': (values) => byIpv6(destination(values)),
  'ip protocol': (values) => byIpv4(protocol(values)),
  'ip6 nexthdr': (values) => byIpv6(protocol(values)),
  'meta l4proto': protocol,
  'meta nfproto':
    (values) =>
    ({ family }) =>
      isWord(family === 'arp' ? 'arp' : `ipv${family}`, values),
  'meta protocol':
    (values) =>
    ({ family }) =>
      isWord({ 4: 'ip', 6: 'ip6', arp: 'arp' }[family], values),
  'meta mark':
    (values) =>
    ({ mark }) =>
      areAmong(mark === undefined ? undefined : [mark, mark], values),
  'meta length':
    (values) =>
    ({ length }) =>
      areAmong(length, values),
  iifname: (values) => (packet) => isDevice(packet.in, values),
  iif: (values) => (packet) => isDevice(packet.in, values),
  oifname: (values) => (packet) => isDevice(packet.out, values),
  oif: (values) => (packet) => isDevice(packet.out, values),
  'icmp type': typed('icmp', 'type'),
  'icmp code': typed('icmp', 'code'),
  'icmpv6 type': typed('ipv6-icmp', 'type'),
  'arp operation': (values) =>
    only(
      ({ family }) => family === 'arp',
      ({ type }) => isWord(type, values),
    ),
  'ct state':
    (values) =>
    ({ state }) =>
      isWord(state, values),
};
for (const [name, names] of Object.entries({
  tcp: ['tcp'],
  udp: ['udp'],
  sctp: ['sctp'],
  th: ['tcp', 'udp', 'sctp'],
})) {
  for (const which of ['sport', 'dport'] as const) selectors[`${name} ${which}`] = port(names, which);
}

/** Statements that decide nothing, with the number of words behind them that belong to them. */
const silent: Record<string, number> = {
  counter: 0,
  comment: 1,
  packets: 1,
  bytes: 1,
  level: 1,
  prefix: 1,
  group: 1,
  log: 0,
};

const plain = ['drop', 'accept', 'return'] as const;

/** Reads a rule as nft lists it. What it does not understand may match. */
export function nftRules(text: string): Rule[] {
  const words = text.match(/"[^"]*"|\{[^}]*\}|[^\s"{}]+/g) ?? [];
  const tests: Test[] = [];
  let changes: string | undefined;
  for (let at = 0; at < words.length; ) {
    const word = words[at] ?? '';
    const verdict = verdictAt(words, at);
    if (verdict) return [{ tests, verdict }];
    const rest = words.slice(at).join(' ');
    const [, change] =
      /^(masquerade|redirect|(?:[sd]nat|tproxy|dup|fwd|meta mark set|mark set)\b.*|notrack|queue\b.*)/.exec(rest) ?? [];
    if (change !== undefined) {
      changes = change.replace(/^(meta )?mark set/, 'mark');
      break;
    }
    if (word in silent) {
      at += 1 + (own(silent, word) ?? 0);
      continue;
    }
    const [opaque] = opaques.flatMap((pattern) => pattern.exec(rest)?.[0] ?? []);
    if (opaque !== undefined) {
      tests.push(maybe);
      at += opaque.split(' ').length;
      continue;
    }
    const found = expressionAt(words, at);
    if (found.map) return mapped(found.map, tests, found.of);
    tests.push(found.test);
    at = found.next ?? afterwards(words, at);
  }
  return [
    {
      tests,
      verdict: changes?.startsWith('queue') ? { kind: 'unknown' } : { kind: 'continue', ...(changes && { changes }) },
    },
  ];
}

function verdictAt(words: Values, at: number): Verdict | undefined {
  const [word = '', next = '', third = ''] = words.slice(at);
  const kind = plain.find((one) => one === word);
  if (kind) return { kind };
  if (word === 'reject') return { kind: 'reject' };
  if (word === 'jump' || word === 'goto') return { kind: word, chain: next };
  if (word !== 'xt' || next !== 'target') return undefined;
  if (third === '"DROP"') return { kind: 'drop' };
  return third === '"REJECT"' ? { kind: 'reject' } : { kind: 'unknown' };
}

/** Conditions whose end is known, and no more. */
const opaques = [
  /^limit rate (over )?\S+( \S*\/\S+)?( burst \d+ \S+)?(?= |$)/,
  /^tcp flags (& (\([^)]*\)|\S+) )?([!=]= )?\S+( \/ \S+)?(?= |$)/,
  /^fib \S+( \. \S+)* (type|oif|oifname) ([!=]= )?\S+(?= |$)/,
  /^xt match "[^"]*"(?= |$)/,
];

/** Behind an expression that is not understood only the verdict is. */
function afterwards(words: Values, at: number): number {
  const verdict = words.findIndex((_, other) => other > at && verdictAt(words, other) !== undefined);
  return verdict < 0 ? words.length : verdict;
}

interface Expression {
  test: Test;
  /** The word behind it; undefined where it is not understood. */
  next?: number;
  /** The text of a map with verdicts, and what it looks up. */
  map?: string;
  of?: Selector | undefined;
}

function expressionAt(words: Values, at: number): Expression {
  const [first = '', second = ''] = words.slice(at);
  const two = `${first} ${second}`;
  const name = two in selectors ? two : `meta ${first}` in selectors ? `meta ${first}` : first;
  const selector = own(selectors, name);
  if (!selector) {
    const map = first === 'vmap' ? second : undefined;
    return { test: maybe, ...(map !== undefined && { map }) };
  }
  let next = at + (name === two ? 2 : 1);
  // Several looked up together.
  if (words[next] === '.' || words[next] === '&') return { test: maybe };
  if (words[next] === 'vmap') return { test: maybe, map: words[next + 1] ?? '', of: selector };
  const operator = /^(!=|==|[<>]=?)$/.test(words[next] ?? '') ? (words[next++] ?? '') : '';
  const value = words[next++] ?? '';
  if (value.startsWith('@')) return { test: maybe, next };
  const values = value
    .replace(/[{}]/g, '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
  if (/^[<>]/.test(operator)) {
    const range = name === 'meta length' ? 'length' : name.endsWith('sport') ? 'sport' : 'dport';
    return { test: (packet) => compares(packet[range], operator, value), next };
  }
  const test = selector(values);
  return { test: operator === '!=' ? (packet) => not(test(packet)) : test, next };
}

/** `{ 22 : accept, 80 : drop }`: a rule for each. */
function mapped(map: string, tests: readonly Test[], selector: Selector | undefined): Rule[] {
  const entries = map.startsWith('{') ? map.replace(/[{}]/g, '').split(',') : [];
  const rules = entries.map((entry): Rule => {
    const [, value = '', does = ''] = /^\s*(.*?)\s+:\s+(.*?)\s*$/.exec(entry) ?? [];
    return {
      tests: [...tests, selector ? selector([value]) : maybe],
      verdict: verdictAt(does.split(' '), 0) ?? { kind: 'unknown' },
    };
  });
  return rules.length > 0 ? rules : [{ tests: [...tests, maybe], verdict: { kind: 'unknown' } }];
}

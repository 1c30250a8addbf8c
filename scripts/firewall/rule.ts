import { type Answer, all, type Packet, type Test } from './packet.ts';

/** What a rule does with packets. */
export type Verdict =
  | { kind: 'drop' | 'reject' | 'accept' | 'return' }
  | { kind: 'jump' | 'goto'; chain: string }
  /** It goes on with the next rule; `changes` is what it does to the packet: `masquerade`, `snat to 10.0.0.1`, `mark 5`. */
  | { kind: 'continue'; changes?: string }
  /** Nobody can tell from its text. */
  | { kind: 'unknown' };

/** A rule of a firewall; one that looks its verdict up in a map is several. */
export interface Rule {
  tests: readonly Test[];
  verdict: Verdict;
}

/** Whether packets match a rule. */
export function matches({ tests }: Rule, packet: Packet): Answer {
  return all(tests.map((test) => test(packet)));
}

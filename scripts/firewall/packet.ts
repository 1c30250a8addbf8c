import type { Family } from '../model/addresses.ts';

/** Where netfilter looks at a packet. */
export type Hook = 'ingress' | 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting' | 'egress';

/** The first and the last of some numbers. */
export type Range = readonly [first: number, last: number];

/** Packets of a lab as one of its nodes sees them. What is not known of them, or may be anything, is missing. */
export interface Packet {
  node: string;
  hooks: readonly Hook[];
  /**
   * What they are for: requests of clients and their answers; what the director asks a real server at its own address, and what
   * that says; questions for a MAC; ICMP messages that a packet is too long; everything else between the machines.
   */
  kind: 'request' | 'answer' | 'check' | 'checked' | 'neighbour' | 'too long' | 'other';
  /** Name of the service, in the form of ipvsadm. */
  service?: string;
  /** The real server that they are for or from. */
  server?: string;
  family: Family | 'arp';
  /** As nft names it: `tcp`, `icmp`, `ipencap`. */
  protocol?: string;
  source?: string;
  destination?: string;
  sport?: Range;
  dport?: Range;
  /** The name of a device on the node. */
  in?: string;
  out?: string;
  /** Of ICMP its type and code, of ARP its operation, as nft names them. */
  type?: string;
  code?: string;
  /** What conntrack takes it for. */
  state?: string;
  mark?: number;
  /** Bytes with the header of IP. */
  length?: Range;
}

/** Whether something is so for some packets: for all of them, for none, or for some of them or nobody knows. */
export type Answer = 'yes' | 'no' | 'maybe';
export type Test = (packet: Packet) => Answer;

export function not(answer: Answer): Answer {
  if (answer === 'maybe') return answer;
  return answer === 'yes' ? 'no' : 'yes';
}

export function all(answers: readonly Answer[]): Answer {
  if (answers.includes('no')) return 'no';
  return answers.includes('maybe') ? 'maybe' : 'yes';
}

export function any(answers: readonly Answer[]): Answer {
  if (answers.includes('yes')) return 'yes';
  return answers.includes('maybe') ? 'maybe' : 'no';
}

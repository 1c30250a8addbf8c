import { addresses, wayBackQuestions } from './addresses.ts';
import type { Look } from './look.ts';

/** How the kernel of a real server would send an answer to the client. */
export interface Way {
  /** The source of the answer: a VIP; undefined where the kernel chooses. */
  from: string | undefined;
  /** The next hop; undefined where the client is reached directly. */
  via: string | undefined;
  device: string | undefined;
  /** The kernel takes the client's address for one of its own. */
  local: boolean;
  /** Why there is no route: `Network is unreachable`. */
  error: string | undefined;
}

/** The ways of a real server's answers: without a source, then from each of its VIPs. */
export const waysBack: Look<Way[]> = {
  name: 'waysback',
  about: 'ip route get for the client’s address on each real server, also with each VIP as the source',
  on: (plan, node) => (wayBackQuestions(plan, node).length > 0 ? {} : undefined),
  templates: {},
  reads: addresses,
  parse: (printed, plan, node) => parseWays(printed.in('after'), wayBackQuestions(plan, node)),
};

/**
 * `192.168.1.100 via 172.16.10.1 dev eth0 src …`, `local 192.168.1.100 dev lo …`, for each question that has an answer. For others:
 * `RTNETLINK answers: Network is unreachable`, `Command failed -:2`, with the number of the line; the first one asks for addresses.
 */
export function parseWays(text: string, questions: readonly string[]): Way[] {
  const failed = new Map(
    [...text.matchAll(/^(?:RTNETLINK answers|Error): (.*)\nCommand failed -:(\d+)/gm)].map(([, why = '', line]) => {
      return [Number(line) - 2, why] as const;
    }),
  );
  const [client = ''] = questions[0]?.split(' ') ?? [];
  const found = text.split('\n').filter((line) => line.replace(/^(local|unicast) /, '').startsWith(`${client} `));
  const routes = found.filter((line) => line.includes(' dev ') && !/ lladdr /.test(line));
  return questions.map((question, at) => {
    const [, from] = question.split(' from ');
    const error = failed.get(at);
    const line = error === undefined ? (routes.shift() ?? '') : '';
    const [, via] = / via (?:inet6 )?(\S+)/.exec(line) ?? [];
    const [, device] = / dev (\S+)/.exec(line) ?? [];
    return { from, via, device, local: line.startsWith('local '), error };
  });
}

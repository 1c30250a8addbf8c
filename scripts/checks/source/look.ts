import { answerFilter } from '../looks/asking.ts';
import type { Look } from '../looks/look.ts';

/** The first packet of an answer. */
export interface Reply {
  /** MAC of the NIC that sent it. */
  sender: string;
  source: string;
  sourcePort: number;
  /** The client's port. */
  localPort: number;
}

/** What the client captures while it asks. */
export const capture: Look<Reply[]> = {
  name: 'capture',
  about: 'tcpdump on the client: the first packet of every answer',
  on: ({ services }, { role }) => (role === 'client' ? { filter: answerFilter(services) } : undefined),
  needs: ['device', 'work'],
  templates: { before: 'checks/source/start', after: 'checks/source/stop' },
  parse: (printed) => parseReplies(printed.in('after')),
};

/** Lines of tcpdump -e -n: `TIME SRC-MAC > DST-MAC, ethertype IPv4 (0x0800), length 74: SRC.PORT > DST.PORT: Flags [S.], …` */
export function parseReplies(text: string): Reply[] {
  const line = /^\S+ ([0-9a-f:]{17}) > [0-9a-f:]{17}, .*?: ([0-9a-f.:]+)\.(\d+) > [0-9a-f.:]+\.(\d+): /gm;
  return [...text.matchAll(line)].map(([, sender = '', source = '', sourcePort, localPort]) => ({
    sender,
    source,
    sourcePort: Number(sourcePort),
    localPort: Number(localPort),
  }));
}

import { answers } from '../../scripts/checks/looks/answers.ts';
import { capture } from '../../scripts/checks/source/look.ts';
import type { Seen } from './healthy.ts';

/** Nothing came back from these real servers, or from any. */
export function silence(seen: Seen, ...nodes: string[]): void {
  const heard = seen.of(capture, 'client');
  for (const { answers: all } of seen.of(answers, 'client').values()) {
    for (const one of all) {
      if (nodes.length > 0 && !nodes.includes(one.server ?? '')) continue;
      Object.assign(one, { status: 0, server: undefined, error: 'Connection timed out after 2001 milliseconds' });
      heard.replies = heard.replies.filter(({ localPort }) => localPort !== one.localPort);
    }
  }
}

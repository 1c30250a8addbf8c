import type { ServerResponse } from 'node:http';
import type { Feed } from './feed.ts';

/** A page gets changes no more often than this. The first one after a while is sent at once. */
const togetherMs = 100;
/** So often a line is sent to a page for which nothing changes, to notice that it has gone. */
const aliveEveryMs = 15_000;

/**
 * Sends the changes of a feed to one page, as server-sent events. A page that does not read gets nothing more until it does, and
 * then what changed meanwhile.
 * @param id of the last event that the page has got
 */
export function stream(feed: Feed, response: ServerResponse, id: string | undefined): void {
  let last = id;
  let timer: NodeJS.Timeout | undefined;
  let full = false;
  let sentAt = Number.NEGATIVE_INFINITY;
  const send = () => {
    timer = undefined;
    const change = full ? undefined : feed.since(last);
    if (!change) return;
    last = change.id;
    sentAt = performance.now();
    full = !response.write(`id: ${change.id}\nevent: change\ndata: ${JSON.stringify(change.sections)}\n\n`);
  };
  const soon = () => {
    // Not before the sections that change with this one have changed as well.
    timer ??= setTimeout(send, Math.max(0, sentAt + togetherMs - performance.now()));
  };
  const end = feed.onChange(soon);
  const alive = setInterval(() => {
    if (!full) full = !response.write(': alive\n\n');
  }, aliveEveryMs);
  response.on('drain', () => {
    full = false;
    soon();
  });
  response.on('close', () => {
    end();
    clearTimeout(timer);
    clearInterval(alive);
  });
  response.write('retry: 500\n\n');
  send();
}

import type { ServerResponse } from 'node:http';
import type { Feed } from './feed.ts';

/** Changes that come within this time are sent together. */
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
  const send = () => {
    timer = undefined;
    const change = full ? undefined : feed.since(last);
    if (!change) return;
    last = change.id;
    full = !response.write(`id: ${change.id}\nevent: change\ndata: ${JSON.stringify(change.sections)}\n\n`);
  };
  const soon = () => {
    timer ??= setTimeout(send, togetherMs);
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

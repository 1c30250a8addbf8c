import type { ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import test from 'ava';
import { Feed } from '../../scripts/watch/feed.ts';
import { stream } from '../../scripts/watch/stream.ts';

/** A page that reads only when the test lets it. */
class SlowPage extends Writable {
  texts: string[] = [];
  #next: (() => void) | undefined;
  isReading = true;

  override _write(chunk: Buffer, _: string, next: () => void) {
    this.texts.push(chunk.toString());
    if (this.isReading) next();
    else this.#next = next;
  }

  read() {
    this.isReading = true;
    this.#next?.();
    this.#next = undefined;
  }

  get events(): Record<string, unknown>[] {
    return this.texts.flatMap((text) => text.match(/^data: .*$/gm) ?? []).map((line) => JSON.parse(line.slice(6)));
  }
}

const started = (feed: Feed) => {
  const page = new SlowPage();
  stream(feed, page as unknown as ServerResponse, undefined);
  return page;
};
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('the first change after a while goes out at once, with what changes with it; those that follow go together', async (t) => {
  t.timeout(60_000);
  const feed = new Feed();
  const page = started(feed);
  t.teardown(() => page.destroy());
  await pause(150);
  feed.set('a', 1);
  feed.set('b', 1);
  // No later timer of this process is due before the one of the change.
  await pause(0);
  await pause(0);
  t.deepEqual(page.events, [{ a: 1, b: 1 }]);
  for (let count = 2; count < 500; count++) feed.set('a', count);
  while (page.events.length < 2) await pause(5);
  t.deepEqual(page.events[1], { a: 499 });
});

test('for a page that does not read nothing is kept but the last event; then it gets what is so now', async (t) => {
  const feed = new Feed();
  const page = started(feed);
  t.teardown(() => page.destroy());
  page.isReading = false;
  const long = (count: number) => `${count} ${'x'.repeat(30_000)}`;
  for (let count = 0; count < 30; count++) {
    feed.set('a', long(count));
    await pause(15);
  }
  t.true(page.writableLength < 70_000, `${page.writableLength} bytes`);
  page.read();
  while (page.events.at(-1)?.a !== long(29)) await pause(5);
  t.true(page.events.length <= 3, `${page.events.length} events`);
});

import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { LabError } from '../errors.ts';
import type { Words } from '../exercise/languages.ts';
import type { Versions } from '../page/live-html.ts';
import type { Plan } from '../plan/plan.ts';
import { Feed } from './feed.ts';
import { type Looked, readLook } from './look.ts';
import { Rate } from './rate.ts';
import type { Kept, Source } from './source.ts';
import { type Arrivals, addArrivals, arrivals, directorState, unreached } from './state.ts';
import type { Wish } from './wish.ts';

/** How long after one look the next begins. */
const looksEveryMs = 150;
/** How often it is seen whether other commands have done something. */
const keptEveryMs = 1000;
const mostLines = 50;

interface Line {
  /** As in RFC 3339. */
  time: string;
  text: Words;
  bad: boolean;
}

/** Looks at a lab while somebody watches it, and does what the buttons say, one thing at a time. */
export class Watching {
  readonly feed = new Feed();
  readonly #source: Source;
  readonly #end = new AbortController();
  #viewers = 0;
  #wake: () => void = () => {};
  #running: Promise<void> | undefined;
  #doing: Promise<void> | undefined;
  #lines: Line[] = [];
  #directors: string[] = [];
  #looks = new Map<string, Looked>();
  #arrived: Arrivals = {};
  #rate = new Rate();
  #keptAt = -keptEveryMs;

  constructor(source: Source) {
    this.#source = source;
    this.feed.set('doing', null);
    this.feed.set('lines', []);
    this.feed.set('rate', []);
    this.feed.set('arrived', {});
  }

  /** @returns a function to call when the viewer goes */
  addViewer(): () => void {
    this.#viewers++;
    this.#wake();
    return () => {
      this.#viewers--;
    };
  }

  /** Looks until it is ended; while nobody watches, no machine is asked anything. */
  run(): Promise<void> {
    this.#running = this.#lookAgainAndAgain();
    return this.#running;
  }

  async #lookAgainAndAgain(): Promise<void> {
    while (!this.#end.signal.aborted) {
      if (this.#viewers === 0) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        // What came while nobody watched did not come in the second that is drawn next.
        this.#rate.rest();
        this.#looks = new Map();
        continue;
      }
      await this.#lookOnce().catch((error: unknown) => this.#isGone(textOf(error)));
      await pause(looksEveryMs, undefined, { signal: this.#end.signal }).catch(() => {});
    }
  }

  /** @returns whether it is done now; false while something else is being done */
  perform(wish: Wish): boolean {
    if (this.#doing || this.#end.signal.aborted) return false;
    this.feed.set('doing', wish.do);
    this.#doing = this.#source
      .perform(wish, this.#end.signal)
      .then(
        (text) => this.#tell(text, false),
        (error: unknown) => this.#tell({ en: textOf(error), de: textOf(error) }, true),
      )
      .finally(() => {
        this.#doing = undefined;
        this.#keptAt = -keptEveryMs;
        this.feed.set('doing', null);
      });
    return true;
  }

  /** Ends what is being done, and waits for it to undo its changes. */
  async end(): Promise<void> {
    this.#end.abort();
    this.#wake();
    await this.#doing;
    this.#source.close(); // ends the look that is under way, which may have connected meanwhile
    await this.#running;
    this.#source.close();
  }

  async #lookOnce(): Promise<void> {
    const plan = await this.#source.plan();
    await this.#readKept(plan);
    const looks = await this.#source.look();
    this.#directors = looks.map(({ node }) => node);
    const seen = new Map(looks.flatMap((one) => ('text' in one ? [[one.node, readLook(one.text)] as const] : [])));
    this.feed.set(
      'directors',
      looks.map((one) => {
        const look = seen.get(one.node);
        return look ? directorState(plan, one.node, look) : unreached(one.node, 'error' in one ? one.error : '');
      }),
    );
    this.#arrived = addArrivals(this.#arrived, arrivals(plan, this.#looks, seen));
    this.feed.set('arrived', this.#arrived);
    this.#looks = seen;
    this.#measure(new Map([...seen].map(([node, look]) => [node, look.counted])));
  }

  #measure(counted: ReadonlyMap<string, number>): void {
    if (this.#rate.add(performance.now(), counted)) this.feed.set('rate', this.#rate.points);
  }

  /** The lab has ended, or is being started anew: what was seen of it is not shown as if it were so now. */
  #isGone(why: string): void {
    this.#tell({ en: why, de: why }, true);
    this.feed.set(
      'directors',
      this.#directors.map((node) => unreached(node, why)),
    );
    this.#looks = new Map();
    this.#measure(new Map());
  }

  async #readKept(plan: Plan): Promise<void> {
    if (performance.now() - this.#keptAt < keptEveryMs) return;
    this.#keptAt = performance.now();
    const kept = await this.#source.kept();
    const { broken } = kept;
    for (const [name, version] of Object.entries(versionsOf(plan, kept))) this.feed.set(name, version);
    // Whoever is to find a fault that was made at random learns nothing here.
    const faults = broken && (broken.seed === null ? broken.faults : broken.faults.map(() => null));
    this.feed.set('broken', faults ?? []);
  }

  #tell(text: Words, bad: boolean): void {
    const last = this.#lines.at(-1);
    if (bad && last?.bad && last.text.en === text.en) return;
    this.#lines = [...this.#lines, { time: new Date().toISOString(), text, bad }].slice(-mostLines);
    this.feed.set('lines', this.#lines);
  }
}

/** The message of a LabError, with its cause and what to try, in one line. @throws any other error, which is a bug */
export function textOf(error: unknown): string {
  if (!(error instanceof LabError)) throw error;
  const { node, cause, tryThis } = error.facts;
  const more = [cause, tryThis && `try: ${tryThis}`].filter(Boolean).map((one) => `; ${one}`);
  return `${node ? `${node}: ` : ''}${error.message}${more.join('')}`;
}

/** Tells one plan, one report and one path from another. */
export function versionsOf(plan: Plan, { report, path }: Pick<Kept, 'report' | 'path'>): Versions {
  return { plan: hashOf(plan), report: hashOf(report?.run ?? null), path: hashOf(path ?? null) };
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}

import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { LabError } from '../errors.ts';
import type { Words } from '../exercise/languages.ts';
import type { Versions } from '../page/live-html.ts';
import type { Plan } from '../plan/plan.ts';
import { Feed } from './feed.ts';
import { type Looked, readLook } from './look.ts';
import type { Kept, Source } from './source.ts';
import { type Arrivals, addArrivals, arrivals, directorState, unreached } from './state.ts';
import type { Wish } from './wish.ts';

/** How long after one look the next begins. */
const looksEveryMs = 150;
/** How often it is seen whether other commands have done something. */
const keptEveryMs = 1000;
/** Points of the curve, one a second. */
const mostPoints = 60;
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
  #looks = new Map<string, Looked>();
  #arrived: Arrivals = {};
  #points: number[] = [];
  #point = { at: 0, counted: 0 };
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
        continue;
      }
      await this.#lookOnce().catch((error: unknown) => this.#tell({ en: textOf(error), de: textOf(error) }, true));
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
    // A director that could not be asked would count as one that has counted nothing.
    if (seen.size === looks.length)
      this.#measure([...seen.values()].reduce((most, { counted }) => Math.max(most, counted), 0));
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

  /** A point a second: new connections a second. */
  #measure(counted: number): void {
    const now = performance.now();
    const { at, counted: before } = this.#point;
    if (at > 0 && now - at < 1000) return;
    // IPVS counts from nothing again when its machine is made new.
    if (at > 0 && counted >= before) {
      this.#points = [...this.#points, Math.round(((counted - before) * 10_000) / (now - at)) / 10].slice(-mostPoints);
    }
    this.#point = { at: now, counted };
    this.feed.set('rate', this.#points);
  }

  #tell(text: Words, bad: boolean): void {
    const last = this.#lines.at(-1);
    if (bad && last?.bad && last.text.en === text.en) return;
    this.#lines = [...this.#lines, { time: new Date().toISOString(), text, bad }].slice(-mostLines);
    this.feed.set('lines', this.#lines);
  }
}

/** The message of a LabError. @throws any other error, which is a bug */
function textOf(error: unknown): string {
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

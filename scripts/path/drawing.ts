import { countOf } from '../count-of.ts';
import type { Plan } from '../plan/plan.ts';
import { changesOf } from './changes.ts';
import type { Decisions } from './decisions.ts';
import type { Ladder } from './expected.ts';
import type { Followed, Hop, Neighbour, Packet, Phase } from './followed.ts';
import { reasonText } from './reasons.ts';

/** A ladder diagram: a column for each node, a row for each frame, from top to bottom. */
export interface Drawing {
  columns: string[];
  rows: Row[];
}

export type Row = PhaseRow | ArrowRow | NoteRow | MoreRow;

/** The arrows below it belong to this part of the connection. */
export interface PhaseRow {
  kind: 'phase';
  text: string;
}

export interface ArrowRow {
  kind: 'arrow';
  /** Milliseconds since the first frame. */
  time: number;
  /** Columns. */
  from: number;
  to: number;
  network: string;
  label: string;
  /** What is on the wire, and what changed since the hop before. */
  notes: string[];
  tone: Tone;
}

/** What happened at a node. */
export interface NoteRow {
  kind: 'note';
  column: number;
  text: string;
  tone: Tone;
}

/** Frames that are not drawn, because they took the same hops as others. */
export interface MoreRow {
  kind: 'more';
  text: string;
}

export type Tone = 'plain' | 'warning' | 'bad';

const phaseWords: Record<Phase, string> = {
  handshake: 'handshake',
  request: 'request',
  answer: 'answer',
  close: 'close',
};

/** How many packets with data are drawn of a row of packets that took the same hops. */
const drawnInRow = 2;

interface Options {
  expected: Ladder;
  decisions: Decisions;
  /** Draw every frame. */
  all: boolean;
}

export function drawingOf(plan: Plan, followed: Followed, options: Options): Drawing {
  const columns = columnsOf(plan, followed, options.expected);
  const begin = Math.min(
    ...[...followed.neighbours, ...followed.packets.map(({ hops }) => hops[0])].map(({ time }) => time),
  );
  const draft = new Rows(columns, begin, options);
  for (const thing of inOrder(followed)) draft.add(thing);
  return { columns, rows: draft.finished() };
}

type Thing =
  | { kind: 'neighbour'; time: number; neighbour: Neighbour }
  | { kind: 'hop'; time: number; packet: Packet; at: number }
  | { kind: 'complaint'; time: number; hop: Hop; what: string };

function inOrder({ neighbours, packets, complaints }: Followed): Thing[] {
  const all: Thing[] = [
    ...neighbours.map((neighbour): Thing => ({ kind: 'neighbour', time: neighbour.time, neighbour })),
    ...packets.flatMap((packet) => packet.hops.map(({ time }, at): Thing => ({ kind: 'hop', time, packet, at }))),
    ...complaints.map(({ hop, what }): Thing => ({ kind: 'complaint', time: hop.time, hop, what })),
  ];
  return all.sort((one, other) => one.time - other.time);
}

/** The nodes that sent or got a frame, or should have, in the plan's order; then the MACs that no node has. */
function columnsOf({ nodes }: Plan, { packets, neighbours, complaints }: Followed, { there, back }: Ladder): string[] {
  const hops = [...packets.flatMap((packet) => packet.hops), ...complaints.map(({ hop }) => hop), ...there, ...back];
  const seen = new Set(hops.flatMap(({ from, to }) => [from, to]));
  for (const { asker, answers } of neighbours)
    for (const name of [asker, ...answers.map(({ from }) => from)]) seen.add(name);
  const known = nodes.map(({ name }) => name);
  const strangers = [...seen].filter((name) => name !== 'all' && !known.includes(name));
  return [...known.filter((name) => seen.has(name)), ...strangers];
}

class Rows {
  readonly #columns: string[];
  readonly #start: number;
  readonly #options: Options;
  readonly #rows: Row[] = [];
  readonly #noted = new Set<string>();
  #phase = '';
  /** The packets that are not drawn, and how many packets with data are drawn in this phase. */
  #left: Packet[] = [];
  #drawn = 0;
  /** How many of the packets that are not drawn have been mentioned. */
  #said = 0;

  constructor(columns: string[], begin: number, options: Options) {
    this.#columns = columns;
    this.#start = begin;
    this.#options = options;
  }

  add(thing: Thing): void {
    if (thing.kind === 'neighbour') this.#addNeighbour(thing.neighbour);
    else if (thing.kind === 'complaint') this.#arrow(thing.hop, `ICMP: ${thing.what}`, [], 'bad');
    else this.#addHopOf(thing.packet, thing.at);
  }

  finished(): Row[] {
    this.#more();
    return this.#rows;
  }

  #addNeighbour({ asker, address, answers, frames, network, time }: Neighbour): void {
    const [first] = answers;
    const times = frames.length > 1 ? `, asked ${frames.length} times` : '';
    const notes = first ? answers.map(({ from, mac }) => `${from}: ${mac}${times}`) : [`no answer${times}`];
    const from = this.#column(asker);
    const to = first ? this.#column(first.from) : this.#farFrom(from);
    const tone = answers.length === 1 && !times ? 'plain' : answers.length === 0 ? 'bad' : 'warning';
    this.#rows.push({
      kind: 'arrow',
      time: this.#ms(time),
      from,
      to,
      network,
      label: `MAC of ${address}?`,
      notes,
      tone,
    });
  }

  #addHopOf(packet: Packet, at: number): void {
    const { hops } = packet;
    const hop = hops[at];
    if (at === 0) this.#begin(packet);
    if (hop && !this.#left.includes(packet)) this.#addHop(packet, hop, hops[at - 1]);
  }

  /** At the first hop of a packet: a new phase may begin, and the packet may be one that need not be drawn. */
  #begin(packet: Packet): void {
    const { phase, bare, hops, way, again, label } = packet;
    if (phase !== this.#phase) {
      this.#more();
      this.#rows.push({ kind: 'phase', text: phaseWords[phase] });
      this.#phase = phase;
      this.#drawn = 0;
    }
    const right = hops.length === this.#options.expected[way].length && hops.every(({ lost }) => !lost) && !again;
    const isShort = bare ? phase !== 'handshake' : this.#drawn >= drawnInRow && label.includes('byte');
    if (!this.#options.all && right && isShort) this.#left.push(packet);
    else if (!bare) this.#drawn++;
  }

  #addHop({ label, again, way }: Packet, hop: Hop, before: Hop | undefined): void {
    const notes = changesOf(hop, before).filter((note) => !this.#isKnown(`${way} ${hop.from} ${note}`));
    const fragments = hop.frames.length - hop.copies + 1;
    if (fragments > 1) notes.push(`in ${fragments} fragments`);
    if (hop.copies > 1) notes.push(`seen ${hop.copies} times`);
    const lost = hop.lost && `lost on the line of ${hop.lost.node}`;
    const tone = lost ? 'bad' : again || hop.copies > 1 ? 'warning' : 'plain';
    this.#arrow(hop, again ? `${label} again` : label, lost ? [...notes, lost] : notes, tone);
    this.#addDecision(hop, way);
  }

  #addDecision({ frames, to }: Hop, way: string): void {
    const decision = frames.map((frame) => this.#options.decisions.get(frame)).find((one) => one !== undefined);
    if (!decision) return;
    const { functions, drop } = decision;
    const column = this.#column(to);
    const text = functions.join(' → ');
    const isNew = functions.length > 0 && (this.#options.all || !this.#isKnown(`${way} decided at ${to}`));
    if (isNew) this.#rows.push({ kind: 'note', column, text, tone: 'plain' });
    const dropped = drop && `dropped: ${reasonText(drop)}`;
    if (dropped && (this.#options.all || !this.#isKnown(`${to} ${dropped}`))) {
      this.#rows.push({ kind: 'note', column, text: dropped, tone: 'bad' });
    }
  }

  #arrow(hop: Hop, label: string, notes: string[], tone: Tone): void {
    const from = this.#column(hop.from);
    const to = hop.to === 'all' ? this.#farFrom(from) : this.#column(hop.to);
    this.#rows.push({ kind: 'arrow', time: this.#ms(hop.time), from, to, network: hop.network, label, notes, tone });
  }

  /** Says how many frames of this phase were left out. */
  #more(): void {
    const some = this.#left.slice(this.#said);
    this.#said = this.#left.length;
    const bare = some.filter((one) => one.bare);
    const others = some.filter((one) => !one.bare);
    const words = [
      others.length > 0 ? countOf(others.length, 'more packet') : '',
      bare.length > 0 ? countOf(bare.length, bare[0]?.label ?? 'packet') : '',
    ].filter(Boolean);
    if (words.length > 0) this.#rows.push({ kind: 'more', text: `and ${words.join(', ')}, the same way` });
  }

  #isKnown(note: string): boolean {
    const known = this.#noted.has(note);
    this.#noted.add(note);
    return known;
  }

  #column(name: string): number {
    return Math.max(0, this.#columns.indexOf(name));
  }

  #farFrom(column: number): number {
    return column < this.#columns.length - 1 ? this.#columns.length - 1 : 0;
  }

  #ms(time: number): number {
    return Math.max(0, time - this.#start) / 1000;
  }
}

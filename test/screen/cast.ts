/** What a terminal showed over time, as asciicast v2 has it (docs.asciinema.org): a line of JSON for the header, then one an event. */
export interface Cast {
  columns: number;
  rows: number;
  events: CastEvent[];
}

export interface CastEvent {
  /** Seconds since the beginning. */
  at: number;
  /** What was written to the terminal, with its control sequences. */
  output: string;
}

export function castText({ columns, rows, events }: Cast): string {
  const header = { version: 2, width: columns, height: rows };
  const lines = [header, ...events.map(({ at, output }) => [Math.round(at * 1000) / 1000, 'o', output])];
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
}

export function readCast(text: string): Cast {
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const { width, height } = JSON.parse(header);
  const events = lines.map((line) => {
    const [at, , output] = JSON.parse(line);
    return { at, output };
  });
  return { columns: width, rows: height, events };
}

/** The same, but nothing happens for `longest` seconds at most: nobody wants to watch a wait. */
export function withoutWaits(cast: Cast, longest: number): Cast {
  let before = 0;
  let now = 0;
  const events = cast.events.map(({ at, output }) => {
    now += Math.min(at - before, longest);
    before = at;
    return { at: now, output };
  });
  return { ...cast, events };
}

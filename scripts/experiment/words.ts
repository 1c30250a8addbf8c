import { countOf } from '../count-of.ts';
import type { Deed, Expectation, Step } from './experiment.ts';
import type { KindName, Row } from './kinds.ts';
import { type Matcher, matcherWords } from './matcher.ts';

const nouns: Record<KindName, [one: string, many: string]> = {
  answers: ['answer', 'answers'],
  servers: ['entry of the table', 'entries of the table'],
  connections: ['connection', 'connections'],
  counters: ['counter', 'counters'],
  packets: ['packet', 'packets'],
  log: ['kernel message', 'kernel messages'],
  command: ['end of the command', 'ends of the command'],
  time: ['time', 'times'],
};

/** `3 answers with server rs2`, `no packet with protocol icmp, type 3`. */
export function expectedWords({ kind, where, count, order, look }: Expectation): string {
  const fields = fieldWords(where);
  const command = look ? `${look.run} on ${look.on}: ` : '';
  if (kind === 'command' || kind === 'time') return `${command}${fields || 'it ends'}`;
  const what = `${countWords(count, kind)}${fields ? ` with ${fields}` : ''}`;
  return order ? `${what}, in the order ${order.field} ${order.values.join(' ')}` : what;
}

function countWords(count: Matcher, kind: KindName): string {
  const [one, many] = nouns[kind];
  if (count === '>= 1') return `at least one ${one}`;
  if (count === 0) return `no ${one}`;
  return count === 1 ? `one ${one}` : `${matcherWords(count)} ${many}`;
}

/** `server rs2, weight > 3` */
export function fieldWords(fields: Readonly<Record<string, Matcher>>): string {
  return Object.entries(fields)
    .map(([name, matcher]) => `${wordOf(name)} ${matcherWords(matcher)}`)
    .join(', ');
}

const wordOf = (field: string) => field.replaceAll('_', ' ');

/** The most kinds of rows that a line tells of, and the longest text of one field. */
const most = { rows: 4, text: 60 };

/** What there was, by the fields that matter: `2 answers: server rs1; server rs2`. */
export function seenWords(kind: KindName, rows: readonly Row[], fields: readonly string[]): string {
  const [one, many] = nouns[kind];
  if (rows.length === 0) return `no ${one}`;
  const told = new Map<string, number>();
  for (const row of rows) {
    const text = rowWords(row, fields);
    told.set(text, (told.get(text) ?? 0) + 1);
  }
  const parts = [...told].slice(0, most.rows).map(([text, times]) => (times > 1 ? `${text} (${times} times)` : text));
  const rest = told.size > most.rows ? ['…'] : [];
  if (kind === 'command' || kind === 'time') return parts.join('; ');
  return `${rows.length} ${rows.length === 1 ? one : many}${fields.length > 0 ? `: ${[...parts, ...rest].join('; ')}` : ''}`;
}

function rowWords(row: Row, fields: readonly string[]): string {
  return fields
    .map((name) => {
      const value = row[name];
      const text = typeof value === 'object' ? value.join('/') : value === undefined ? 'none' : String(value);
      return `${wordOf(name)} ${brief(text)}`;
    })
    .join(', ');
}

function brief(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length > most.text ? `${line.slice(0, most.text - 1)}…` : line || 'nothing';
}

/** What a step does, in a line. */
export function deedWords(deed: Deed): string {
  switch (deed.verb) {
    case 'run':
      return `${deed.of.on}: ${brief(deed.of.command)}`;
    case 'send':
      return sendWords(deed.of);
    case 'close':
      return `close ${deed.of}`;
    case 'break':
      return `break ${faultWords(deed.of)}`;
    case 'mend':
      return `mend ${faultWords(deed.of)}`;
    case 'weight':
      return `weight ${deed.of.to} for ${deed.of.server}`;
    case 'remove':
      return `take ${deed.of.server} out of the table`;
    case 'reset':
      return `replace ${deed.of}`;
    case 'wait':
      return `wait, ${deed.of} s at most`;
  }
}

const faultWords = ({ fault, at }: { fault: string; at?: string | undefined }) => (at ? `${fault} at ${at}` : fault);

function sendWords({ count, ports, from, service, hold, size }: Extract<Deed, { verb: 'send' }>['of']): string {
  const number = countOf(typeof ports === 'object' ? ports.length : (count ?? 1), 'request');
  const bytes = typeof size === 'object' ? `${size.up ?? '?'} up, ${size.down ?? '?'} down` : size;
  return [
    `${number}${hold === undefined ? '' : ', held open'}`,
    ...(service === undefined ? [] : [`to ${service}`]),
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(ports === undefined ? [] : [`port ${[ports].flat().join(' ')}`]),
    ...(bytes === undefined ? [] : [`${bytes} bytes`]),
  ].join(', ');
}

/** Its name; without one, what it does. */
export function stepTitle({ name, deed }: Pick<Step, 'name' | 'deed'>): string {
  return name ?? deedWords(deed);
}

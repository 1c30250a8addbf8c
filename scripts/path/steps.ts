import type { ArrowRow, Drawing, NoteRow } from './drawing.ts';

/** An arrow of a diagram, with its part of the connection and what the kernel did after it: a row of a table. */
export interface Step {
  /** The first step is 1. */
  number: number;
  phase: string;
  arrow: ArrowRow;
  from: string;
  to: string;
  decided: NoteRow[];
}

export function stepsOf({ columns, rows }: Drawing): Step[] {
  const steps: Step[] = [];
  let phase = 'neighbours';
  for (const row of rows) {
    if (row.kind === 'phase') phase = row.text;
    if (row.kind === 'note') steps.at(-1)?.decided.push(row);
    if (row.kind !== 'arrow') continue;
    const [from = '', to = ''] = [columns[row.from], columns[row.to]];
    steps.push({ number: steps.length + 1, phase, arrow: row, from, to, decided: [] });
  }
  return steps;
}

/** One step as a sentence: `SYN from client to director on front. 192.168.1.100:20001 → 192.168.1.3:80, TTL 64.` */
export function stepText({ arrow: { label, network, notes }, from, to, decided }: Step): string {
  const more = [...notes, ...decided.map(({ text }) => text)].map((text) => ` ${text}.`).join('');
  return `${label} from ${from} to ${to} on ${network}.${more}`.replaceAll('\u00a0', ' ');
}

import type { Drawing } from './drawing.ts';
import { columnName } from './terminal.ts';

/** A ladder diagram as a sequence diagram of Mermaid, which Markdown pages can show. */
export function mermaidText({ columns, rows }: Drawing): string {
  const last = columns.length - 1;
  const lines = rows.flatMap((row) => {
    if (row.kind === 'phase') return [`Note over n0${last > 0 ? `,n${last}` : ''}: ${row.text}`];
    if (row.kind === 'more') return [`Note over n0: ${words(row.text)}`];
    if (row.kind === 'note') return [`Note over n${row.column}: ${words(row.text)}`];
    const arrow = row.tone === 'bad' ? '--x' : '->>';
    return [`n${row.from}${arrow}n${row.to}: ${words([row.label, ...row.notes].join('<br/>'))}`];
  });
  const participants = columns.map((name, at) => `participant n${at} as ${columnName(name)}`);
  return ['sequenceDiagram', ...[...participants, ...lines].map((line) => `  ${line}`)].join('\n');
}

/** Mermaid ends a statement at a semicolon, and begins an entity with a number sign. */
function words(text: string): string {
  return text.replaceAll('\u00a0', ' ').replaceAll(';', ',').replaceAll('#', '');
}

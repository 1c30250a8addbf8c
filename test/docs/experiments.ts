import { z } from 'zod';
import { type Kind, kinds } from '../../scripts/experiment/kinds.ts';
import { bugSchema } from '../../scripts/experiment/schema/bug.ts';
import { experimentSchema } from '../../scripts/experiment/schema/experiment.ts';
import { verbs } from '../../scripts/experiment/schema/step.ts';

export interface Node {
  description?: string;
  properties?: Record<string, Node>;
  required?: string[];
  anyOf?: Node[];
}

export const nodeOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' }) as Node;

/** The reference of docs/experiments.md: keys, verbs, and what can be seen. */
export function experimentReference(): string {
  return [
    '## Keys',
    '',
    ...keyLines(nodeOf(experimentSchema)),
    '',
    '## Steps',
    '',
    'A step has one of these, and may have `name` and `see`.',
    ...Object.entries(verbs).flatMap(([name, verb]) => verbLines(name, nodeOf(verb))),
    '',
    '## What can be seen',
    ...Object.entries<Kind>(kinds).flatMap(([name, kind]) => kindLines(name, kind)),
  ].join('\n');
}

/** The reference of docs/bugs.md: the keys that a bug has beside those of an experiment. */
export function bugReference(): string {
  const { properties = {}, ...node } = nodeOf(bugSchema);
  const own = ['id', 'title', 'symptom', 'references', 'where', 'repeat', 'mended'];
  const shown = Object.fromEntries(own.map((name) => [name, properties[name] ?? {}]));
  const range = properties.where?.properties?.kernel;
  return [
    '## Keys',
    '',
    'Beside those of an [experiment](experiments.md#keys):',
    '',
    ...keyLines({ ...node, properties: shown }),
    '',
    '`where` has `kernel`, `program` or both; `program` has a `name` as well:',
    '',
    ...keyLines({ properties: range?.properties ?? {} }),
  ].join('\n');
}

export function keyLines({ properties = {}, required = [] }: Node): string[] {
  return Object.entries(properties).map(([name, { description = '' }]) => {
    return `- **\`${name}\`**${required.includes(name) ? ' (required)' : ''}: ${description}`;
  });
}

function verbLines(name: string, node: Node): string[] {
  const inside = node.properties ? ['', ...keyLines(node)] : [];
  return ['', `### \`${name}\``, '', node.description ?? '', ...inside];
}

function kindLines(name: string, { about, fields }: Kind): string[] {
  const rows = Object.entries(fields).map(([field, { type, about: words }]) => `| \`${field}\` | ${type} | ${words} |`);
  return ['', `### \`${name}\``, '', about, '', '| field | type | |', '|---|---|---|', ...rows];
}

import type { z } from 'zod';
import { drawSchema } from '../../scripts/exercise/draw-schema.ts';
import { exerciseSchema } from '../../scripts/exercise/schema.ts';
import { keyLines, type Node, nodeOf } from './experiments.ts';

/** The reference of docs/exercises.md: the keys that an exercise has beside those of an experiment, and of what is in it. */
export function exerciseReference(): string {
  const { properties = {}, ...node } = nodeOf(exerciseSchema);
  const own = ['id', 'title', 'kind', 'lesson', 'minutes', 'draw', 'prepare', 'tasks', 'proof'];
  const shown = Object.fromEntries(own.map((name) => [name, properties[name] ?? {}]));
  const task = itemOf(properties.tasks);
  const mistake = itemOf(task.properties?.mistakes);
  const hint = itemOf(task.properties?.hints);
  return [
    '## Keys',
    '',
    'Beside `lab`, `kernel` and `change` of an [experiment](experiments.md#keys):',
    '',
    ...keyLines({ ...node, properties: shown }),
    ...part('Tasks', task),
    ...part('Answers', task.properties?.answer),
    ...part('Mistakes', mistake),
    ...part('Hints', hint),
    ...part('What is drawn', undefined),
    'A range, `3..9`, gives a whole number, and a list one of its values, whatever they are. Maps give:',
    '',
    ...drawn(drawSchema),
  ].join('\n');
}

function part(title: string, node: Node | undefined): string[] {
  return ['', `### ${title}`, '', ...(node ? keyLines(node) : [])];
}

function itemOf(node: Node | undefined): Node {
  return (node as { items?: Node } | undefined)?.items ?? {};
}

function drawn(schema: z.ZodType): string[] {
  const { additionalProperties } = nodeOf(schema) as { additionalProperties?: Node };
  return (additionalProperties?.anyOf ?? []).flatMap(({ properties, required }) =>
    properties ? keyLines({ properties, ...(required && { required }) }) : [],
  );
}

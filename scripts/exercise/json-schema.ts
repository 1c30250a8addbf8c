import { z } from 'zod';
import { exerciseSchema } from './schema.ts';

type Node = Record<string, unknown>;

/** In the place of any value there may be a placeholder for what is drawn. */
const placeholder = { type: 'string', pattern: '^\\(\\([a-z][a-z0-9_.-]*\\)\\)$' };

/** The JSON Schema for editors, labs/exercise.schema.json; `npm run golden` writes it. */
export function exerciseJsonSchema(): string {
  const schema = z.toJSONSchema(exerciseSchema, { io: 'input', reused: 'ref' }) as Node;
  const { draw, ...others } = schema.properties as Record<string, Node>;
  const properties = { ...Object.fromEntries(Object.entries(others).map(([key, one]) => [key, open(one)])), draw };
  const drawn = definitionsOf(draw, schema.$defs as Record<string, Node>);
  const $defs = Object.fromEntries(
    Object.entries((schema.$defs ?? {}) as Record<string, Node>).map(([key, one]) => [
      key,
      drawn.has(key) ? one : within(one),
    ]),
  );
  return `${JSON.stringify({ ...schema, properties, $defs }, null, 2)}\n`;
}

/** The names of the definitions that a schema refers to. */
function definitionsOf(node: unknown, all: Record<string, Node> = {}, found = new Set<string>()): Set<string> {
  for (const [, name = ''] of JSON.stringify(node).matchAll(/#\/\$defs\/(\w+)/g)) {
    if (found.has(name)) continue;
    found.add(name);
    definitionsOf(all[name], all, found);
  }
  return found;
}

/** A schema, or a placeholder. */
function open(node: Node): Node {
  if (node.type === 'string' && !node.pattern && !node.enum && !node.format) return node;
  const { description, ...rest } = within(node);
  return { ...(description !== undefined && { description }), anyOf: [rest, placeholder] };
}

/** The same for everything inside. */
function within(node: Node): Node {
  const each = (nodes: unknown) =>
    Object.fromEntries(Object.entries(nodes as Record<string, Node>).map(([key, one]) => [key, open(one)]));
  return {
    ...node,
    ...(node.properties !== undefined && { properties: each(node.properties) }),
    ...(typeof node.items === 'object' && { items: open(node.items as Node) }),
    ...(Array.isArray(node.anyOf) && { anyOf: node.anyOf.map((one) => within(one as Node)) }),
    ...(isSchema(node.additionalProperties) && { additionalProperties: open(node.additionalProperties) }),
  };
}

function isSchema(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

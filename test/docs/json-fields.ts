import { documents } from './markdown.ts';

interface Section {
  text: string;
  example: unknown;
}

/** The section of docs/json.md about a schema, whatever its number, and its example. */
export async function sectionOf(schema: string): Promise<Section> {
  const page = (await documents()).find(({ file }) => file === 'docs/json.md')?.text ?? '';
  const text = page.split(/^## /m).find((one) => one.startsWith(schema)) ?? '';
  const [, json = ''] = /```json\n(.*?)```/s.exec(text) ?? [];
  return { text, example: JSON.parse(json) };
}

/** What a document and its section do not have in common: fields that are not told, and fields that are not there. */
export function notTold({ text, example }: Section, document: unknown): string[] {
  const printed = fieldsOf(document);
  const told = fieldsOf(example);
  const untold = [...printed].filter((field) => {
    return !field.endsWith('[]') && !told.has(field) && !text.includes(`\`${field.split('.').at(-1)}\``);
  });
  // What a list without rows would have cannot be seen.
  const empty = [...printed].filter((field) => field.endsWith('[]'));
  const missing = [...told].filter((field) => {
    const hidden = empty.some((list) => field.startsWith(list.slice(0, -2)));
    return !printed.has(field) && !hidden;
  });
  return [...untold.map((field) => `${field} is not told`), ...missing.map((field) => `${field} is not there`)];
}

/** `labs.name`: the fields of a document and of all maps in it; a list without maps has `[]` behind its name. */
function fieldsOf(value: unknown, path = ''): Set<string> {
  if (Array.isArray(value)) {
    const rows = value.flatMap((one) => [...fieldsOf(one, path)]);
    return new Set(value.length === 0 ? [`${path}[]`] : rows);
  }
  if (typeof value !== 'object' || value === null) return new Set();
  return new Set(
    Object.entries(value).flatMap(([key, inner]) => {
      const name = path ? `${path}.${key}` : key;
      return [name, ...fieldsOf(inner, name)];
    }),
  );
}

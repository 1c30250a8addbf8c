/** What a table has at a key of its own. A key that comes from a file or a machine may be `constructor`, which every object inherits. */
export function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

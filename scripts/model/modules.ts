/** Files of the module ip_vs that the command line chooses instead of the lab file. */
export interface ChosenModules {
  /** For all directors, also those that have another in the file. */
  all?: string;
  nodes: Record<string, string>;
}

/** Of a lab file: a file for all directors, or files by their names. */
export type ModuleWish = string | Readonly<Record<string, string>>;

/** The module of each director that has one of its own, by its name. */
export function modulesByNode(wish: ModuleWish | undefined, directors: readonly string[]): Record<string, string> {
  if (wish === undefined) return {};
  return typeof wish === 'string' ? Object.fromEntries(directors.map((name) => [name, wish])) : { ...wish };
}

/** What a lab file wishes, with what the command line chooses in its place. */
export function withChosen(
  wish: ModuleWish | undefined,
  chosen: ChosenModules,
  directors: readonly string[],
): ModuleWish {
  return { ...modulesByNode(chosen.all ?? wish, directors), ...chosen.nodes };
}

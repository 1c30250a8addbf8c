/** What another machine found on the shared disk after one died while it wrote. */
export interface SurvivorSeen {
  /** Until it could write there; undefined: it could not. */
  seconds: number | undefined;
  /** Files that the dead one had written, and how many of them cannot be read. */
  files: number;
  broken: number;
  /** What the kernel says of a damaged file system. */
  damage: string[];
}

export interface WriterKilledSeen extends SurvivorSeen {
  writer: string;
  survivor: string;
  /** The dead one is back, and reads what was written meanwhile. */
  read: boolean;
  secondsBack: number;
}

/** What survivor.hbs prints. */
export function parseSurvivor(text: string): SurvivorSeen {
  const [, start, end] = /^@@usable ([\d.]+) ([\d.]+)$/m.exec(text) ?? [];
  const [, files, broken] = /^@@files (\d+) (\d+)$/m.exec(text) ?? [];
  return {
    seconds: start === undefined ? undefined : Number(end) - Number(start),
    files: Number(files ?? 0),
    broken: Number(broken ?? 0),
    damage: [...text.matchAll(/^@@damage (.*)$/gm)].map(([, line = '']) => line),
  };
}

/** What a machine found on the shared disk after another one lost its power while it wrote there. */
export interface SurvivorSeen {
  /** Seconds until it could write; undefined when it could not. */
  seconds: number | undefined;
  /** Files that the other one had written, and how many of them cannot be read. */
  files: number;
  unreadable: number;
  /** What the kernel logged about a damaged file system. */
  kernelErrors: string[];
}

export interface WriterKilledSeen extends SurvivorSeen {
  /** The machine that lost its power. */
  writer: string;
  survivor: string;
  /** The writer is back and reads what the survivor wrote meanwhile. */
  readBack: boolean;
  secondsBack: number;
}

/** Parses the output of survivor.hbs: `@@usable START END` in seconds, `@@files COUNT UNREADABLE`, `@@damage LINE`. */
export function parseSurvivor(text: string): SurvivorSeen {
  const [, start, end] = /^@@usable ([\d.]+) ([\d.]+)$/m.exec(text) ?? [];
  const [, files, unreadable] = /^@@files (\d+) (\d+)$/m.exec(text) ?? [];
  return {
    seconds: start === undefined ? undefined : Number(end) - Number(start),
    files: Number(files ?? 0),
    unreadable: Number(unreadable ?? 0),
    kernelErrors: [...text.matchAll(/^@@damage (.*)$/gm)].map(([, line = '']) => line),
  };
}

import { UsageError } from '../../errors.ts';
import type { Directed, LineSettings } from '../../model/line.ts';

/** Both directions, as the node sees them. */
export interface BothWays {
  fromNode: number;
  toNode: number;
}

export type Way = keyof BothWays;

function bothWays(value: Directed | undefined): BothWays {
  if (typeof value === 'number') return { fromNode: value, toNode: value };
  return { fromNode: value?.fromNode ?? 0, toNode: value?.toNode ?? 0 };
}

/** Values of LineSettings that wirefilter knows by these names: as a command, and in the answer to showinfo. */
const values = [
  { key: 'loss', command: 'loss', shown: 'Loss', least: 0, most: 100 },
  { key: 'burst', command: 'lostburst', shown: 'Lburst', least: 1, most: 1e6 },
  { key: 'delayMs', command: 'delay', shown: 'Delay', least: 0, most: 600_000 },
  // wirefilter decides after each copy whether there is one more.
  { key: 'duplicate', command: 'dup', shown: 'Dup', least: 0, most: 99 },
  { key: 'bandwidth', command: 'bandwidth', shown: 'Bandw', least: 1, most: 1e12 },
  // For a frame of full length more than 690 would be one damaged bit or more on average, and wirefilter would never be done
  // (writepacket in wirefilter.c).
  { key: 'damage', command: 'noise', shown: 'Noise', least: 0, most: 500 },
  { key: 'mtu', command: 'mtu', shown: 'MTU', least: 68, most: 65_535 },
] as const;

/** Whether these are the settings of a good line, which changes no frame. */
export function isAllRight(line: LineSettings): boolean {
  return values.every(({ key }) => Object.values(bothWays(line[key])).every((value) => value === 0)) && !line.jitterMs;
}

/** @throws UsageError for a value that no line can have */
export function requireSensible(line: LineSettings): void {
  for (const { key, least, most } of [...values, { key: 'jitterMs', least: 0, most: 600_000 } as const]) {
    for (const value of Object.values(bothWays(line[key]))) {
      if (value === 0 || (value >= least && value <= most)) continue;
      throw new UsageError(`a line cannot have ${key} ${value}: the value must be from ${least} to ${most}`);
    }
  }
  if (line.reorder && !line.jitterMs)
    throw new UsageError('reorder needs jitterMs: frames overtake each other only if their delays differ');
}

/**
 * The commands that give a wirefilter all values of one direction. The other direction passes everything at once: a wirefilter keeps
 * the order of all its frames, so a delay in one direction would be one in the other too (packet_enqueue in wirefilter.c).
 * @param way fromNode is from left to right
 * @param tagged whether its frames have a VLAN tag
 */
export function wirefilterCommands(line: LineSettings, way: Way, { tagged }: { tagged: boolean }): string[] {
  const direction = way === 'fromNode' ? 'LR' : 'RL';
  const of = (value: Directed | undefined) => bothWays(value)[way];
  const texts = values.map(({ key, command }) => {
    const value = of(line[key]);
    const jitter = key === 'delayMs' && of(line.jitterMs) > 0 ? `+${of(line.jitterMs)}U` : '';
    return `${command} ${direction}${key === 'mtu' && value > 0 ? value + overhead(tagged) : value}${jitter}`;
  });
  return [...texts, `fifo ${line.reorder ? 0 : 1}`];
}

/** What wirefilter counts in addition to an IP packet: a length of two bytes (packet_in), the header of Ethernet, a VLAN tag. */
function overhead(tagged: boolean): number {
  return 2 + 14 + (tagged ? 4 : 0);
}

/**
 * Reads the answers of a line's two wirefilters to showinfo (wirefilter.c).
 * @param shown by direction; the frames of the one for fromNode have a tag
 */
export function parseShown(shown: Record<Way, string>): LineSettings {
  const read = (way: Way, name: string): [value: number, plus: number] => {
    const arrow = way === 'fromNode' ? 'L->R' : 'R->L';
    const number = String.raw`(\d[\d.]*(?:e[+-]?\d+)?)`;
    const found = new RegExp(`^${name}\\b.*?${arrow} ${number}(?:\\+${number})?`, 'm').exec(shown[way]);
    return [Number(found?.[1] ?? 0), Number(found?.[2] ?? 0)];
  };
  const both = (of: (way: Way) => number) => directed({ fromNode: of('fromNode'), toNode: of('toNode') });
  const entries = values.map(({ key, shown: name }) => {
    return [
      key,
      both((way) => {
        const [value] = read(way, name);
        return key === 'mtu' && value > 0 ? value - overhead(way === 'fromNode') : value;
      }),
    ] as const;
  });
  const settings = [...entries, ['jitterMs', both((way) => read(way, 'Delay')[1])] as const];
  const line = Object.fromEntries(settings.filter(([, value]) => value !== undefined)) as LineSettings;
  return /^Fifoness FALSE/m.test(shown.fromNode) ? { ...line, reorder: true } : line;
}

/** The shortest form; undefined where there is nothing. */
function directed({ fromNode, toNode }: BothWays): Directed | undefined {
  if (fromNode === toNode) return fromNode || undefined;
  return { ...(fromNode && { fromNode }), ...(toNode && { toNode }) };
}

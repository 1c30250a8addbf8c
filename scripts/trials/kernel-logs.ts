import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../errors.ts';
import { type Complaint, complaintsIn, distinct, withoutTime } from '../experiment/complaints.ts';
import type { Row } from '../experiment/kinds.ts';
import type { Matcher } from '../experiment/matcher.ts';
import type { Place } from '../host/paths.ts';
import type { Sh } from './send.ts';

/** What the kernels of all nodes have logged since an experiment began. */
export interface KernelLogs {
  /** @param node one node; all without it */
  rows(node?: string): Promise<Row[]>;
  /** Of machines that still answer, and of the consoles of all. */
  complaints(): Promise<Complaint[]>;
  /** The last lines of each console since then. */
  consoles(): Promise<{ node: string; lines: string[] }[]>;
}

/** The most lines of a console that a report quotes. */
const mostConsoleLines = 30;

/** A line in each kernel's log: what is above it does not count. */
const mark = 'lvs-lab: an experiment begins';

/** Marks where the logs are now. */
export async function beginLogs(nodes: readonly string[], place: Place, sh: Sh): Promise<KernelLogs> {
  const step = { step: 'trials/kernel-log' };
  await Promise.all(nodes.map((node) => sh(node, `echo '${mark}' > /dev/kmsg`, step)));
  const consoles = new Map(
    await Promise.all(nodes.map(async (node) => [node, await sizeOf(consoleOf(place, node))] as const)),
  );
  const logOf = async (node: string) => sinceMark(await sh(node, 'dmesg', step));
  const saidBy = async (node: string): Promise<Complaint[]> => {
    const text = await consoleSince(consoleOf(place, node), consoles.get(node) ?? 0);
    const log = await logOf(node).catch((error: unknown) => {
      if (error instanceof LabError) return ''; // a machine that died has said why on its console
      throw error;
    });
    return [...complaintsIn(node, text), ...complaintsIn(node, log)];
  };
  return {
    async rows(wanted) {
      const all = nodes.filter((node) => wanted === undefined || node === wanted);
      const logs = await Promise.all(all.map(async (node) => ({ node, text: await logOf(node) })));
      return logs.flatMap(({ node, text }) =>
        text.split('\n').flatMap((raw) => (raw === '' ? [] : { node, line: withoutTime(raw) })),
      );
    },
    consoles: () =>
      Promise.all(
        nodes.map(async (node) => {
          const text = await consoleSince(consoleOf(place, node), consoles.get(node) ?? 0);
          const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
          return { node, lines: lines.slice(-mostConsoleLines) };
        }),
      ),
    complaints: async () => distinct((await Promise.all(nodes.map(saidBy))).flat()),
  };
}

/** The node that an expectation names, if it names one alone. */
export function nodeOf(matcher: Matcher | undefined): string | undefined {
  return typeof matcher === 'string' && /^[a-z][a-z0-9-]*$/.test(matcher) ? matcher : undefined;
}

function sinceMark(log: string): string {
  const at = log.lastIndexOf(mark);
  return at < 0 ? log : log.slice(at + mark.length);
}

function consoleOf({ folder }: Place, node: string): string {
  return join(folder, 'console', `${node}.log`);
}

/** 0 where there is no console: Vagrant's machines have none here. */
async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

/** A machine that was replaced has a new console. */
async function consoleSince(file: string, begin: number): Promise<string> {
  const text = await readFile(file).catch(() => Buffer.of());
  return text.subarray(text.length >= begin ? begin : 0).toString();
}

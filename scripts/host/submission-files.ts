import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import type { HandedIn, Read } from '../grading/class-report.ts';
import { submissionIn, submissionVersion } from '../grading/submission-schema.ts';
import { printable } from '../printable.ts';
import { readGivenFile, UnreadableError } from './given-file.ts';
import { shortPath } from './lab-files.ts';
import { parseState } from './state-file.ts';

/** Folders in a folder: a course's page gives one for each student, sometimes in a folder for the task. */
const deepest = 4;

/** How many files a class can have. */
const most = 2000;

/**
 * The files that may be submissions: those that are named, and all JSON files in folders. Links are not followed.
 * @throws UsageError for what is not there, and where there is no file
 */
export async function submissionFiles(paths: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const path of paths.map((one) => resolve(one))) {
    const kind = await stat(path).catch(() => undefined);
    if (!kind) throw new UsageError(`${shownPath(path)}: there is no such file or folder`);
    const files = kind.isDirectory() ? await jsonFilesIn(path, deepest) : [path];
    for (const file of files) found.add(file);
  }
  if (found.size === 0)
    throw new UsageError(
      `no file that ends with .json is in ${paths.map((one) => shownPath(resolve(one))).join(', ')}`,
      {
        cause: 'students hand in the file that lab exercise submit writes',
      },
    );
  if (found.size > most) throw new UsageError(`${found.size} files are too many; at most ${most} are possible`);
  return [...found];
}

async function jsonFilesIn(folder: string, depth: number): Promise<string[]> {
  const all = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EACCES' ? 'you have no permission to read it' : `${error.code}`;
    throw new UsageError(`${shownPath(folder)}: ${why}`);
  });
  const entries = all.sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of entries.filter(({ name }) => !name.startsWith('.'))) {
    const path = join(folder, entry.name);
    if (entry.isFile() && entry.name.endsWith('.json')) found.push(path);
    else if (entry.isDirectory() && depth > 0) found.push(...(await jsonFilesIn(path, depth - 1)));
  }
  return found;
}

/** A name of a student's file may have anything in it, also in the message of a system's error. */
function shownPath(path: string): string {
  return printable(shortPath(path));
}

/** Reads a file that somebody has handed in. What it says is checked, and nothing of it is believed before. */
export async function readSubmission(path: string): Promise<Read | { file: HandedIn; refused: string }> {
  const file = shownPath(path);
  try {
    const text = await readGivenFile(path);
    const { mtime } = await stat(path);
    const hash = createHash('sha256').update(text).digest('hex');
    const handedIn: HandedIn = { file, hash, written: `${mtime.toISOString().slice(0, 19)}Z` };
    const document = parseState<object>(text);
    if (!document) return { file: handedIn, refused: unsealed(text) };
    const found = submissionIn(document);
    if ('submission' in found) return { ...handedIn, submission: found.submission };
    return { file: handedIn, refused: notOne(document, found.wrong) };
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return { file: { file, hash: '', written: '' }, refused: printable(error.message) };
  }
}

const noSubmission = 'it is not a submission: lab exercise submit writes one';

/** What a document says that it is, where that is a submission. */
function claimed(document: unknown): string | undefined {
  const { schema } = (document ?? {}) as { schema?: unknown };
  return typeof schema === 'string' && /^lvs-lab\/submission\/\d{1,4}$/.test(schema) ? schema : undefined;
}

/** Why a sealed document does not count. */
function notOne(document: unknown, wrong: string): string {
  const schema = claimed(document);
  if (schema === undefined) return noSubmission;
  return schema === submissionVersion ? `it is damaged: ${wrong}` : `it is of another version of lvs-lab: ${schema}`;
}

/** Why a text without a seal that fits does not count. */
function unsealed(text: string): string {
  try {
    return claimed(JSON.parse(text)) ? 'it was changed after lab exercise submit had written it' : noSubmission;
  } catch {
    const begins = text.includes('"lvs-lab/submission/');
    return begins ? 'it is damaged: half of it may be missing' : noSubmission;
  }
}

import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { closest } from '../closest.ts';
import { UnreadableLabFileError, UsageError } from '../errors.ts';
import type { Language } from '../exercise/languages.ts';
import { readGivenFile, UnreadableError } from './given-file.ts';
import { type LabFileText, shortPath } from './lab-files.ts';
import { projectRoot } from './paths.ts';

/** The file of a folder of labs/exercises/ that makes it an exercise. */
const fileName = 'exercise.yaml';

/** The texts of an exercise, by language. */
export const textNames: Record<Language, string> = { en: 'text.md', de: 'text.de.md' };

/** All exercises, by id, with their folders. One of the current folder hides one of the kit with the same id. */
export async function listExercises(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const root of new Set([resolve('labs/exercises'), join(projectRoot, 'labs/exercises')])) {
    const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.filter((one) => one.isDirectory()).sort((a, b) => (a.name < b.name ? -1 : 1)))
      if (!found.has(entry.name)) found.set(entry.name, join(root, entry.name));
  }
  return found;
}

/** @throws UsageError for an unknown id */
export async function exerciseFolder(id: string): Promise<string> {
  const known = await listExercises();
  const folder = known.get(id);
  if (folder !== undefined) return folder;
  const meant = closest(id, [...known.keys()]);
  throw new UsageError(`there is no exercise ${id}${meant ? `; did you mean ${meant}?` : ''}`, {
    tryThis: 'lab exercise list',
  });
}

/** @throws UnreadableLabFileError */
export function readExerciseFile(id: string, folder: string): Promise<LabFileText> {
  return readPart(id, join(folder, fileName));
}

/** @throws UnreadableLabFileError */
export function readExerciseText(id: string, folder: string, language: Language): Promise<LabFileText> {
  return readPart(id, join(folder, textNames[language]));
}

async function readPart(id: string, path: string): Promise<LabFileText> {
  const file = shortPath(path);
  try {
    return { name: id, file, text: await readGivenFile(path) };
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    throw new UnreadableLabFileError(`${file}: ${error.message}`, {
      cause: `an exercise is a folder with ${[fileName, ...Object.values(textNames)].join(', ')}`,
    });
  }
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabFileError } from '../../scripts/errors.ts';
import { readIncluded } from '../../scripts/host/included-files.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { ChoiceError } from '../../scripts/import/choose.ts';
import { convert } from '../../scripts/import/import.ts';
import type { Source } from '../../scripts/import/statement.ts';
import type { Choice, LabText } from '../../scripts/import/to-lab-file.ts';
import { errorText } from '../../scripts/report/error-text.ts';
import { plainWidth, wrapLines } from '../../scripts/report/wrap.ts';

/** Pairs of a configuration and what import makes of it. */
export const casesFolder = join(projectRoot, 'test/import/cases');

export type CaseOptions = Choice & { configId?: string };

/** Cases that are imported in more ways than one, or with options. */
const ways: Record<string, readonly CaseOptions[]> = {
  'conditions.conf': [{}, { configId: 'main' }, { configId: 'backup' }],
  'condition-and-sequence.conf': [{ configId: 'main' }],
  'unfolded.conf': [{ configId: 'main' }],
  'more-servers-than-machines.conf': [{ realServers: 2 }],
  'kube-proxy.rules': [
    {},
    { services: ['10.96.0.53', 'tcp/10.96.0.1:80', 'TCP 10.96.0.2:80'] },
    { services: ['10.96.0.1', '10.96.0.2', '10.96.0.3'], realServers: 4 },
    { services: ['10.96.0.1', '192.0.2.77'] },
  ],
};

export function waysOf(name: string): readonly CaseOptions[] {
  return ways[name] ?? [{}];
}

export async function caseNames(): Promise<string[]> {
  const entries = await readdir(casesFolder, { withFileTypes: true });
  return entries.flatMap((one) => (one.isFile() && !one.name.endsWith('.expected') ? one.name : [])).sort();
}

export async function sourceOf(name: string): Promise<Source> {
  return { name, text: await readFile(join(casesFolder, name), 'utf8') };
}

/** Imports a text that stands for a case. */
export async function importer(name: string): Promise<(text: string, options: CaseOptions) => LabText> {
  const source = await sourceOf(name);
  const place = { ...source, name: join(casesFolder, name) };
  const found = await readIncluded([place]);
  const included = (pattern: string) => {
    const files = found(pattern, place);
    return typeof files === 'string'
      ? files.replace(`${casesFolder}/`, '')
      : files.map((one) => ({ ...one, name: one.name.replace(`${casesFolder}/`, '') }));
  };
  return (text, options) => convert([{ name, text }], name, { ...options, included });
}

/** What a person sees of a case, in all the ways in which it is imported. */
export async function goldenImport(name: string): Promise<string> {
  const run = await importer(name);
  const { text } = await sourceOf(name);
  return waysOf(name)
    .map((options) => `=== lab import ${[name, ...wordsOf(options)].join(' ')}\n${shown(() => run(text, options))}`)
    .join('\n');
}

function wordsOf({ configId, services, realServers }: CaseOptions): string[] {
  return [
    ...(configId ? [`--config-id ${configId}`] : []),
    ...(services ? [`--service ${services.join(',')}`] : []),
    ...(realServers ? [`--real-servers ${realServers}`] : []),
  ];
}

function shown(run: () => LabText): string {
  try {
    return run().text;
  } catch (error) {
    if (error instanceof LabFileError) return `${errorText(error)}\n`;
    if (error instanceof ChoiceError)
      return `${wrapLines([error.message, ...error.services].join('\n'), plainWidth)}\n`;
    throw error;
  }
}

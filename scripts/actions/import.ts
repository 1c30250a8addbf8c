import { basename } from 'node:path';
import { text } from 'node:stream/consumers';
import { ExitCode, UnreadableLabFileError, UsageError } from '../errors.ts';
import { exists } from '../host/files.ts';
import { readGivenFile, UnreadableError } from '../host/given-file.ts';
import { readIncluded } from '../host/included-files.ts';
import { isPath, labName, namedBy } from '../host/lab-files.ts';
import { writeGiven } from '../host/written-file.ts';
import { ChoiceError } from '../import/choose.ts';
import { convert } from '../import/import.ts';
import type { Source } from '../import/statement.ts';
import type { LabText } from '../import/to-lab-file.ts';
import { leftSentences, noteSentences } from '../import/wording.ts';
import { parseLab } from '../model/parse.ts';
import { labArgument } from '../render/lab-argument.ts';
import { asTyped } from '../report/as-typed.ts';
import { print, printJson, say } from '../report/output.ts';
import type { Globals } from './globals.ts';
import { isDirector, readDirector } from './read-director.ts';

export interface ImportOptions {
  output?: string;
  service?: string[];
  configId?: string;
  realServers?: number;
  yes?: boolean;
}

/** lab import FILE…: makes a lab file from the configuration of a director, in files or read from it over SSH. */
export async function importFiles(paths: readonly string[], options: ImportOptions, globals: Globals): Promise<number> {
  const given: Given[] = [];
  for (const path of paths)
    given.push(
      isDirector(path)
        ? { remote: true, ...(await readDirector(path, { yes: options.yes ?? false })) }
        : { remote: false, sources: [await read(path)], table: [] },
    );
  const made = await labFrom(given, options);
  const { output } = options;
  const name = output === undefined ? 'imported' : labName(output);
  try {
    parseLab(made.text, { name, file: output ?? 'imported.yaml' });
  } catch (error) {
    // Only a bug makes a lab file that the kit then refuses.
    throw new Error('lab import made a lab file that lab run refuses', { cause: error });
  }
  if (output !== undefined) {
    if (await exists(output)) {
      throw new UsageError(`${output} exists already`, { tryThis: 'another name after --output' });
    }
    await writeGiven(output, made.text, '--output');
  }
  if (globals.json) printJson({ schema: 'lvs-lab/import/2', from: paths, output: output ?? null, ...made });
  else if (output === undefined) print(made.text.trimEnd());
  if (globals.loudness !== 'quiet' && !globals.json) tell(made, output);
  return ExitCode.ok;
}

/** Says what is left, and what people should know. */
function tell({ left, notes, untold }: LabText, output: string | undefined): void {
  for (const one of leftSentences(left)) say(`  not carried over: ${one}`);
  for (const one of noteSentences(notes, untold)) say(`  good to know: ${one}`);
  if (output !== undefined)
    say(`  written: ${asTyped(`lab run ${labArgument(namedBy(isPath(output) ? output : `./${output}`))}`)}`);
}

/** What an argument stands for: a file, or a director, of which nobody reads the files that keepalived.conf includes. */
interface Given {
  remote: boolean;
  sources: Source[];
  table: Source[];
}

async function labFrom(given: readonly Given[], options: ImportOptions): Promise<LabText> {
  const sources = given.flatMap((one) => one.sources);
  const remote = new Set(given.flatMap((one) => (one.remote ? one.sources : [])));
  const [first, ...others] = sources;
  const from = `${basename(first?.name ?? '')}${others.length > 0 ? ' and others' : ''}`;
  const { configId, service: services, realServers } = options;
  try {
    const known = await readIncluded(sources.filter((one) => !remote.has(one)));
    const included = (pattern: string, source: Source) =>
      remote.has(source) ? 'of a live director import reads keepalived.conf alone' : known(pattern, source);
    const table = given.flatMap((one) => one.table);
    return convert(sources, from, { configId, services, realServers, included, table });
  } catch (error) {
    if (!(error instanceof ChoiceError)) throw error;
    const [example = ''] = error.services.map((one) => one.replace(/^\w+ |, .*$/g, ''));
    throw new UsageError(`${first?.name}: ${error.message}`, {
      tail: error.services.join('\n'),
      tryThis: `--service ${example}, or several with commas between them`,
    });
  }
}

async function read(path: string): Promise<Source> {
  if (path === '-') return { name: 'standard input', text: await text(process.stdin) };
  try {
    return { name: path, text: await readGivenFile(path, { pipe: true }) };
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    throw new UnreadableLabFileError(`${path}: ${error.message}`, { tryThis: 'lab help import' });
  }
}

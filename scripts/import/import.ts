import { LabFileError } from '../errors.ts';
import { differencesOf } from './differences.ts';
import { grouped } from './grouped.ts';
import { type Imported, type ImportedService, nothingImported } from './imported.ts';
import { Ledger } from './ledger.ts';
import { readers } from './readers/index.ts';
import type { Reader, ReaderOptions } from './readers/reader.ts';
import { type Source, SourceError } from './statement.ts';
import { type Choice, type LabText, labOf, NoLabError } from './to-lab-file.ts';
import { printable } from './wording.ts';

/** Statements that are named where no lab can be made. */
const mostReasons = 8;

/**
 * Reads a configuration, and makes a lab of it.
 * @param from its name in the lab
 * @param options.table the live table of its director: how it differs is told
 * @throws LabFileError that names the line, for a text that falls apart or that no reader knows
 * @throws ChoiceError if somebody must choose among its services
 */
export function convert(
  sources: readonly Source[],
  from: string,
  { table = [], ...options }: ReaderOptions & Choice & { table?: readonly Source[] },
): LabText {
  const ledger = new Ledger();
  const all = allOf(sources, ledger, options);
  const live = allOf(table, new Ledger(), options);
  const untold = [...all.untold, ...(table.length > 0 ? differencesOf(all.services, live.services) : [])];
  try {
    return labOf({ ...all, untold }, ledger, from, options);
  } catch (error) {
    if (!(error instanceof NoLabError)) throw error;
    const [main] = sources;
    const left = error.left.filter(({ file }) => file === main?.name).slice(0, mostReasons);
    throw new LabFileError(main?.name ?? from, [
      { line: 1, path: '', what: error.message },
      ...left.map(({ line, statement, why }) => ({ line, path: '', what: printable(`${statement}: ${why}`) })),
    ]);
  }
}

/**
 * The services of a configuration, as its reader understands them.
 * @throws LabFileError that names the line, for a text that falls apart or that no reader knows
 */
export function importedServices(sources: readonly Source[], options: ReaderOptions): readonly ImportedService[] {
  return allOf(sources, new Ledger(), options).services;
}

function allOf(sources: readonly Source[], ledger: Ledger, options: ReaderOptions): Imported {
  const byReader = grouped(sources, readerOf);
  return merged([...byReader].map(([reader, files]) => read(reader, files, ledger, options)));
}

function readerOf({ name, text }: Source): Reader {
  const found = readers.find(({ sign }) => sign.test(text));
  if (found) return found;
  const known = readers.map((one) => one.name).join(', ');
  throw new LabFileError(name, [{ line: 1, path: '', what: 'import knows nothing in it', fix: `it reads ${known}` }]);
}

function read(reader: Reader, files: readonly Source[], ledger: Ledger, options: ReaderOptions): Imported {
  try {
    return reader.read(files, ledger, options);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw new LabFileError(error.file, [
      { line: error.line, path: '', what: error.message, fix: error.fix ?? reader.help },
    ]);
  }
}

function merged(parts: readonly Imported[]): Imported {
  return parts.reduce((all, one) => {
    const timeouts = one.timeouts ?? all.timeouts;
    return {
      services: [...all.services, ...one.services],
      own: [...all.own, ...one.own],
      ...(timeouts && { timeouts }),
      sysctls: [...all.sysctls, ...one.sysctls],
      pairs: [...all.pairs, ...one.pairs],
      untold: [...all.untold, ...one.untold],
    };
  }, nothingImported());
}

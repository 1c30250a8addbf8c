import { basename } from 'node:path';
import { text } from 'node:stream/consumers';
import { ExitCode, LabFileError, LineError, UnreadableLabFileError, UsageError } from '../errors.ts';
import { exists } from '../host/files.ts';
import { readGivenFile, UnreadableError } from '../host/given-file.ts';
import { isPath, labName, namedBy } from '../host/lab-files.ts';
import { writeGiven } from '../host/written-file.ts';
import { importKeepalived } from '../import/from-keepalived.ts';
import { importRules } from '../import/from-rules.ts';
import { notImportable } from '../import/other-formats.ts';
import { type LabText, labOf } from '../import/to-lab-file.ts';
import { parseLab } from '../model/parse.ts';
import { labArgument } from '../render/lab-argument.ts';
import { asTyped } from '../report/as-typed.ts';
import { print, printJson, say } from '../report/output.ts';
import type { Globals } from './globals.ts';

/** lab import FILE: makes a lab file from the output of ipvsadm-save, or from a keepalived.conf. */
export async function importFile(path: string, options: { output?: string }, globals: Globals): Promise<number> {
  const { text: yaml, notCarriedOver } = convert(await read(path), path === '-' ? 'standard input' : path);
  const { output } = options;
  const name = output === undefined ? 'imported' : labName(output);
  try {
    parseLab(yaml, { name, file: output ?? path });
  } catch (error) {
    // Only a bug makes a lab file that the kit then refuses.
    throw new Error('lab import made a lab file that lab run refuses', { cause: error });
  }
  if (output !== undefined) {
    if (await exists(output)) {
      throw new UsageError(`${output} exists already`, { tryThis: 'another name after --output' });
    }
    await writeGiven(output, yaml, '--output');
  }
  if (globals.json)
    printJson({
      schema: 'lvs-lab/import/1',
      from: path,
      output: output ?? null,
      text: yaml,
      left: notCarriedOver,
    });
  else if (output === undefined) print(yaml.trimEnd());
  if (globals.loudness !== 'quiet' && !globals.json) {
    for (const one of notCarriedOver) say(`  not carried over: ${one}`);
    if (output !== undefined)
      say(`  written: ${asTyped(`lab run ${labArgument(namedBy(isPath(output) ? output : `./${output}`))}`)}`);
  }
  return ExitCode.ok;
}

async function read(path: string): Promise<string> {
  if (path === '-') return text(process.stdin);
  try {
    return await readGivenFile(path, { pipe: true });
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    throw new UnreadableLabFileError(`${path}: ${error.message}`, { tryThis: 'lab help import' });
  }
}

/** @throws LabFileError that names the line, for a text in another format */
export function convert(source: string, path: string): LabText {
  const isKeepalived = /^\s*(virtual_server|global_defs|vrrp_)/m.test(source);
  const other = isKeepalived ? undefined : notImportable(source);
  if (other) throw new LabFileError(path, [other]);
  try {
    return labOf(isKeepalived ? importKeepalived(source) : importRules(source), basename(path));
  } catch (error) {
    if (error instanceof LineError) {
      const fix = isKeepalived ? 'see keepalived.conf(5)' : 'the output of ipvsadm-save -n, or a keepalived.conf';
      throw new LabFileError(path, [{ line: error.line, path: '', what: error.message, fix }]);
    }
    if (error instanceof RangeError) throw new LabFileError(path, [{ line: 1, path: '', what: error.message }]);
    throw error;
  }
}

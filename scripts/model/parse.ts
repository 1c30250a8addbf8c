import { LabFileError, type Problem } from '../errors.ts';
import { withDefaults } from './defaults.ts';
import type { ChosenKernels } from './kernels.ts';
import type { Lab } from './lab.ts';
import { lint, lintPart } from './lint/lint.ts';
import { type ChosenModules, withChosen } from './modules.ts';
import { directorsOf } from './nodes.ts';
import { allProblems, sorted } from './reading/all-problems.ts';
import { labKeys } from './reading/known-keys.ts';
import { otherFormat } from './reading/other-formats.ts';
import { readablePart } from './reading/readable-part.ts';
import { schemaProblems } from './reading/schema-problems.ts';
import { readSource, type Source } from './reading/source.ts';
import { fileSchema, type LabFile } from './schema/lab-file.ts';
import { servicesOf } from './services.ts';
import type { Scheduler, SiteRole } from './words.ts';

interface ParseOptions {
  /** Name of the lab. */
  name: string;
  /** The file's name in messages. */
  file: string;
  /** How many real servers, instead of the number in the file. */
  realServers?: number | undefined;
  /** A scheduler that overrides the file's. The file's scheduler flags are then ignored. */
  scheduler?: Scheduler | undefined;
  /** Kernels that override the file's. */
  kernel?: ChosenKernels | undefined;
  /** Modules that override the file's. */
  module?: ChosenModules | undefined;
  /** Servers of a web site, in addition to those in the file. */
  with?: readonly SiteRole[] | undefined;
}

/**
 * Turns the text of a lab file into a lab.
 * @throws LabFileError with all problems
 */
export function parseLab(
  text: string,
  { name, file, realServers, scheduler, kernel, module, with: site = [] }: ParseOptions,
): { lab: Lab; warnings: Problem[] } {
  const { source, data } = readFile(text, file);
  if (scheduler) {
    for (const { service: one } of servicesOf(data)) {
      if (one.scheduler !== scheduler) Object.assign(one, { scheduler, flags: [] });
    }
  }
  for (const role of site) data[role] ??= true;
  if (kernel?.all) Object.assign(data, { kernel: kernel.all, kernels: undefined });
  if (kernel) data.kernels = { ...data.kernels, ...kernel.nodes };
  if (module) data.modules = { ip_vs: withChosen(data.modules?.ip_vs, module, directorsOf(data)) };
  const { problems, warnings } = lint(data, source, realServers);
  if (problems.length > 0) throw new LabFileError(file, sorted(problems));
  try {
    return { lab: withDefaults(name, data, realServers), warnings };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new LabFileError(file, [
      {
        line: source.lineOf(['networks']),
        path: 'networks',
        what: error.message,
        fix: 'a larger network or fewer real servers',
      },
    ]);
  }
}

/**
 * Reads a text that fits the schema.
 * @throws LabFileError with all problems
 */
function readFile(text: string, file: string): { source: Source; data: LabFile } {
  const read = tryToRead(text);
  if (read.data) return { source: read.source, data: read.data };
  const foreign = otherFormat(text);
  const again = (corrected: string) => tryToRead(corrected).problems;
  throw new LabFileError(file, foreign ? [foreign] : allProblems(text, read.problems, labKeys, again));
}

function tryToRead(text: string): { source: Source; data?: LabFile; problems: Problem[] } {
  const source = readSource(text);
  if (source.problems.length > 0) return { source, problems: source.problems };
  if (source.value === null) {
    const empty = { line: 1, path: '', what: 'the file is empty', fix: 'a lab has mode, networks and service' };
    return { source, problems: [empty] };
  }
  const parsed = fileSchema.safeParse(source.value);
  if (parsed.success) return { source, data: parsed.data, problems: [] };
  const { issues } = parsed.error;
  const part = readablePart(source.value, issues);
  const others = part ? lintPart(part.data, source, part.broken) : [];
  return { source, problems: [...schemaProblems(issues, source), ...others] };
}

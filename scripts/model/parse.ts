import { LabFileError, type Problem } from '../errors.ts';
import { withDefaults } from './defaults.ts';
import { fileSchema } from './file-schema.ts';
import { ipvsSysctls } from './ipvs-sysctls.ts';
import type { Lab, Scheduler } from './lab.ts';
import { lint } from './lint.ts';
import { schemaProblems } from './schema-problems.ts';
import { type Path, readSource } from './source.ts';

export interface ParseOptions {
  /** Name of the lab. */
  name: string;
  /** The file's name, for messages. */
  file: string;
  /** How many real servers there are to be, instead of what the file says. */
  realServers?: number | undefined;
  /** Instead of the file's; its scheduler flags then go as well. */
  scheduler?: Scheduler | undefined;
}

/**
 * Text of a lab file → lab.
 * @throws LabFileError with all problems at once
 */
export function parseLab(
  text: string,
  { name, file, realServers, scheduler }: ParseOptions,
): { lab: Lab; warnings: Problem[] } {
  const source = readSource(text);
  if (source.problems.length > 0) throw new LabFileError(file, source.problems);
  if (source.value === null) {
    throw new LabFileError(file, [
      { line: 1, path: '', what: 'the file is empty', fix: 'a lab has mode, networks and service' },
    ]);
  }
  const parsed = fileSchema.safeParse(source.value);
  if (!parsed.success) throw new LabFileError(file, sorted(schemaProblems(parsed.error.issues, source, keysAt)));
  if (scheduler && scheduler !== parsed.data.service.scheduler) {
    parsed.data.service = { ...parsed.data.service, scheduler, flags: [] };
  }
  const { problems, warnings } = lint(parsed.data, source, realServers);
  if (problems.length > 0) throw new LabFileError(file, sorted(problems));
  try {
    return { lab: withDefaults(name, parsed.data, realServers), warnings };
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

function sorted(problems: Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.line - b.line);
}

/** The keys that the schema knows at a place. */
function keysAt(path: Path): string[] {
  const shapes: Record<string, string[]> = {
    '': Object.keys(fileSchema.shape),
    networks: Object.keys(fileSchema.shape.networks.shape),
    service: Object.keys(fileSchema.shape.service.shape),
    director: ['front', 'back'],
    real_servers: ['name', 'address', 'mode', 'weight', 'uthreshold', 'lthreshold', 'port', 'gateway'],
    ipvs: ['timeouts', 'sysctls'],
    'ipvs.timeouts': ['tcp', 'tcpfin', 'udp'],
    'ipvs.sysctls': [...ipvsSysctls],
  };
  return shapes[path.join('.')] ?? shapes[String(path[0] ?? '')] ?? [];
}

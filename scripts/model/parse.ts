import { LabFileError, type Problem } from '../errors.ts';
import { withDefaults } from './defaults.ts';
import { fileSchema, member, realServer, service } from './file-schema.ts';
import { ipvsSysctls } from './ipvs-sysctls.ts';
import type { Lab, Scheduler, SiteRole } from './lab.ts';
import { lint } from './lint.ts';
import { schemaProblems } from './schema-problems.ts';
import { servicesOf } from './services.ts';
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
  /** Servers of a web site that there are to be beside what the file says. */
  with?: readonly SiteRole[] | undefined;
}

/**
 * Text of a lab file → lab.
 * @throws LabFileError with all problems at once
 */
export function parseLab(
  text: string,
  { name, file, realServers, scheduler, with: site = [] }: ParseOptions,
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
  if (scheduler) {
    for (const { service: one } of servicesOf(parsed.data)) {
      if (one.scheduler !== scheduler) Object.assign(one, { scheduler, flags: [] });
    }
  }
  for (const role of site) parsed.data[role] ??= true;
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
    service: Object.keys(service.shape),
    'service.real_servers': Object.keys(member.shape),
    director: ['front', 'back'],
    backup: ['front', 'advert_interval', 'preempt_delay'],
    router: ['front', 'remote'],
    real_servers: Object.keys(realServer.shape),
    health: ['by', 'checks', 'interval', 'timeout', 'quiescent', 'sorry_server'],
    nfs: ['node', 'address'],
    php: ['node', 'address'],
    mysql: ['node', 'address'],
    ipvs: ['timeouts', 'sysctls'],
    'ipvs.timeouts': ['tcp', 'tcpfin', 'udp'],
    'ipvs.sysctls': [...ipvsSysctls],
  };
  const words = path.filter((key) => typeof key === 'string').map((key) => (key === 'services' ? 'service' : key));
  return shapes[words.join('.')] ?? [];
}

import type { Problem } from '../../errors.ts';
import { providerInfo } from '../../providers/index.ts';
import { examplesFor } from '../reading/examples.ts';
import { pathText } from '../reading/schema-problems.ts';
import type { Path, Source } from '../reading/source.ts';
import { namedServers, namesOf } from '../real-servers.ts';
import type { LabFile } from '../schema/lab-file.ts';
import { endpointsOf, protocolOf, servicesOf } from '../services.ts';
import { directorName } from '../words.ts';
import { backupPlace, backupRules } from './backup.ts';
import { families } from './families.ts';
import { healthRules } from './health.ts';
import { ipvsRules, sysctls } from './ipvs-settings.ts';
import { kernels, modules } from './kernels.ts';
import { membersOf } from './members.ts';
import { networkAddresses, networks } from './networks.ts';
import { nodeRules } from './nodes.ts';
import { realServers } from './real-servers.ts';
import type { Report, Rule } from './report.ts';
import { serviceRules, vips } from './services.ts';
import { siteRules } from './site.ts';
import { taken } from './taken.ts';

interface Findings {
  /** The lab cannot work. */
  problems: Problem[];
  /** The lab works, but not as most people expect. */
  warnings: Problem[];
}

const rules: Rule[] = [
  ...healthRules,
  clock,
  box,
  kernels,
  modules,
  families,
  networkAddresses,
  networks,
  ...nodeRules,
  realServers,
  taken,
  ...ipvsRules,
  ...backupRules,
  ...serviceRules,
  ...siteRules,
];

/** Rules that read a few keys of the file, and work even if other keys are wrong. */
const independent: { rule: Rule; reads: readonly (keyof LabFile)[] }[] = [
  { rule: networkAddresses, reads: ['networks'] },
  ...nodeRules.map((rule) => ({ rule, reads: ['networks', 'director', 'router', 'client'] as const })),
  { rule: vips, reads: ['networks', 'service', 'services'] },
  { rule: backupPlace, reads: ['networks', 'backup'] },
  { rule: sysctls, reads: ['ipvs', 'release', 'kernel', 'kernels', 'backup'] },
];

/** Problems of a file of which only some keys can be read. @param broken the others, which have any value */
export function lintPart(file: LabFile, source: Source, broken: ReadonlySet<string>): Problem[] {
  const whole = independent.filter(({ reads }) => !reads.some((key) => broken.has(key)));
  return findingsOf(
    whole.map(({ rule }) => rule),
    file,
    source,
  ).problems;
}

/** Finds the classic mistakes of LVS before any machine starts. */
export function lint(file: LabFile, source: Source, realServers?: number): Findings {
  return findingsOf(rules, file, source, realServers);
}

function findingsOf(applied: readonly Rule[], file: LabFile, source: Source, realServers?: number): Findings {
  const found: Findings = { problems: [], warnings: [] };
  const put = (list: Problem[]) => (path: Path, what: string, fix?: string) => {
    const text = pathText(path);
    // A real server is checked once for each of its services.
    if (list.some((one) => one.path === text && one.what === what)) return;
    list.push({ line: source.lineOf(path), path: text, what, fix });
  };
  const names = namesOf(file, realServers);
  const report: Report = {
    file,
    services: servicesOf(file).map(({ service, path }) => ({
      service,
      path,
      protocol: protocolOf(service),
      endpoints: endpointsOf(service),
      members: membersOf(file, names, service, path),
    })),
    modes: [...new Set(names.map((_, at) => namedServers(file)[at]?.mode ?? file.mode))],
    names,
    asked: realServers,
    examples: examplesFor(file),
    problem: put(found.problems),
    warning: put(found.warnings),
  };
  for (const rule of applied) rule(report);
  return found;
}

/** The director serves its time to other real servers. */
function clock({ file, names, problem }: Report): void {
  if (file.clock && names.every((name) => name === directorName)) {
    problem(
      ['clock'],
      'the director is the only real server, so no machine takes the time from it',
      'another real server',
    );
  }
}

function box({ file, warning }: Report): void {
  if (!file.box || !file.provider || providerInfo(file.provider).capabilities.boxes) return;
  warning(['box'], `${file.provider} makes its machines from the kit’s image, not from a box`);
}

import type { Problem } from '../../errors.ts';
import { providerInfo } from '../../providers/index.ts';
import type { LabFile } from '../file-schema.ts';
import { directorName } from '../lab.ts';
import { examplesFor } from '../reading/examples.ts';
import { pathText } from '../reading/schema-problems.ts';
import type { Path, Source } from '../reading/source.ts';
import { namedServers, namesOf } from '../real-servers.ts';
import { endpointsOf, protocolOf, servicesOf } from '../services.ts';
import { backupRules } from './backup.ts';
import { families } from './families.ts';
import { healthRules } from './health.ts';
import { ipvsRules } from './ipvs-settings.ts';
import { membersOf } from './members.ts';
import { networks } from './networks.ts';
import { nodeRules } from './nodes.ts';
import { realServers } from './real-servers.ts';
import type { Report, Rule } from './report.ts';
import { serviceRules } from './services.ts';
import { siteRules } from './site.ts';
import { taken } from './taken.ts';

interface Findings {
  /** Such a lab cannot work. */
  problems: Problem[];
  /** It works, but not as most people expect. */
  warnings: Problem[];
}

const rules: Rule[] = [
  ...healthRules,
  clock,
  box,
  families,
  networks,
  ...nodeRules,
  realServers,
  taken,
  ...ipvsRules,
  ...backupRules,
  ...serviceRules,
  ...siteRules,
];

/** Finds the classic mistakes of LVS before any machine starts. */
export function lint(file: LabFile, source: Source, realServers?: number): Findings {
  const found: Findings = { problems: [], warnings: [] };
  const put = (list: Problem[]) => (path: Path, what: string, fix?: string) => {
    const text = pathText(path);
    // Words of a real server are read once for each of its services.
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
  for (const rule of rules) rule(report);
  return found;
}

/** The director serves its time to other real servers. */
function clock({ file, names, problem }: Report): void {
  if (file.clock && names.every((name) => name === directorName)) {
    problem(['clock'], 'the director is the only real server, so nobody takes its time', 'another real server');
  }
}

function box({ file, warning }: Report): void {
  if (!file.box || !file.provider || providerInfo(file.provider).capabilities.boxes) return;
  warning(['box'], `${file.provider} makes its machines of the kit’s own image, not of a box`);
}

import { didYouMean } from '../../closest.ts';
import { isAllPorts, membersIn } from '../services.ts';
import type { LintedService, Report, ServiceRule } from './report.ts';

/** Rules about the real servers of a service. */
export const memberRules: ServiceRule[] = [named, mappedPorts, bounds];

function named({ names, asked, problem }: Report, { service, path }: LintedService): void {
  const seen = new Set<string>();
  membersIn(service)?.forEach(({ name }, index) => {
    const at = [...path, 'real_servers', index];
    if (!names.includes(name)) {
      const fix = didYouMean(name, names) ?? `its real servers are ${names.join(', ')}`;
      problem(
        at,
        `the lab has no real server ${name}${asked ? ` with --real-servers ${asked}` : ''}`,
        asked ? 'a larger number' : fix,
      );
    } else if (seen.has(name)) problem(at, `${name} is listed twice`);
    seen.add(name);
  });
}

function mappedPorts(report: Report, { service, endpoints, members }: LintedService): void {
  const [only] = endpoints;
  for (const { port, mode, at } of members) {
    const [first] = at('port');
    if (port === undefined || (first === 'real_servers' && report.services.length > 1)) continue;
    if (isAllPorts(service)) {
      report.problem(at('port'), 'a service on port 0 keeps the port that the client asked for', 'leave port out');
    } else if (service.fwmark !== undefined) {
      const what = 'a service by fwmark keeps the port that the client asked for';
      report.problem(at('port'), what, 'leave port out');
    } else if (port !== only?.port && mode !== 'nat') {
      report.problem(
        at('port'),
        `${mode} cannot change the port: the real server gets the packet as the client sent it`,
        `port: ${only?.port}, or mode: nat`,
      );
    }
  }
}

function bounds(report: Report, { path, members }: LintedService): void {
  for (const { uthreshold, lthreshold, at } of members) {
    if (lthreshold <= uthreshold) continue;
    const what = `the kernel refuses an lthreshold of ${lthreshold} above the uthreshold of ${uthreshold}`;
    report.problem(at('lthreshold'), what);
  }
  if (members.length > 0 && members.every(({ weight }) => weight === 0)) {
    report.warning(path, 'all weights are 0, so every connection is refused');
  }
}

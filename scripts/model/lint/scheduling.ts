import { backendOf, backends } from '../../backends/index.ts';
import { compareVersions, isOwn, knownVersion } from '../kernels.ts';
import { schedulerWords } from '../schedulers.ts';
import type { LabFile } from '../schema/lab-file.ts';
import { kernelsOfDirectors } from './kernels.ts';
import type { LintedService, Report, ServiceRule } from './report.ts';

export const schedulingRules: ServiceRule[] = [scheduler, hashedToNobody, persistence];

/** Backends whose connections stay open. */
const holding = backends.filter(({ staysOpen }) => staysOpen).map(({ name }) => name);

function scheduler({ file, problem, warning }: Report, { service, path, protocol, endpoints }: LintedService): void {
  const { scheduler: name, flags } = service;
  const { hashes, countsOpen } = schedulerWords[name];
  const at = [...path, 'scheduler'];
  for (const flag of flags) {
    if (!flag.startsWith(`${name}-`)) {
      problem(
        [...path, 'flags'],
        `${flag} is a flag of ${flag.split('-')[0]}, not of ${name}`,
        `scheduler: ${flag.split('-')[0]}, or leave it out`,
      );
    }
  }
  if (hashes === 'client' && !flags.some((flag) => flag === `${name}-port`)) {
    warning(
      at,
      `${name} goes by the client’s address, and the lab has one client: all requests go to one real server, as expected`,
      `flags: [${name}-port]`,
    );
  }
  if (hashes === 'vip')
    warning(at, `${name} goes by the VIP, and the service has one: all requests go to one real server, as expected`);
  const held = endpoints.every((one) => backendOf(one.backend).staysOpen);
  if (countsOpen && !held) {
    warning(
      at,
      `${name} goes by open connections: a client that closes each one before the next always meets the same real server`,
      protocol === 'udp' ? undefined : `backend: ${holding.join(' or ')}, whose connections stay open`,
    );
  }
  if (name === 'twos') twos(file, (what, fix) => problem(at, what, fix));
}

/** Debian has built it since 6.11.2-1 (its changelog, #1082903). */
function twos(file: LabFile, problem: (what: string, fix: string) => void): void {
  for (const kernel of kernelsOfDirectors(file)) {
    const version = knownVersion(kernel, file.release);
    if (version === undefined || compareVersions(version, '6.11.2') >= 0) continue;
    if (isOwn(kernel)) problem(`Debian ${file.release}’s ${kernel} kernel has no scheduler twos`, 'release: 13');
    else problem(`Debian’s kernel ${version} has no scheduler twos`, 'kernel 6.12 or later');
  }
}

/**
 * A hash leads some clients to a real server of weight 0, and without fallback they are refused: ip_vs_dh.c and ip_vs_sh.c give it
 * places whatever its weight, ip_vs_mh.c leaves it those that it had before its weight was set to 0.
 */
function hashedToNobody({ warning }: Report, { service, path, members }: LintedService): void {
  const { scheduler: name, flags } = service;
  if (!schedulerWords[name].hashes || flags.some((flag) => flag === `${name}-fallback`)) return;
  const quiesced = members.filter(({ weight }) => weight === 0).map((member) => member.name);
  const quiescent = members.some((member) => member.quiescent);
  if (quiesced.length === members.length || (quiesced.length === 0 && !quiescent)) return;
  const who = quiesced.length > 0 ? quiesced.join(', ') : 'a real server that fails its health checks';
  const what =
    name === 'mh'
      ? `mh leaves ${who} the clients that it had before its weight was 0, and refuses them`
      : `${name} leads some clients to ${who}, with weight 0, and refuses them`;
  warning([...path, 'scheduler'], what, name === 'dh' ? undefined : `flags: [${name}-fallback]`);
}

function persistence({ problem, warning }: Report, { service, path }: LintedService): void {
  const { persistence: seconds, scheduler: name, persistence_granularity: granularity } = service;
  if (granularity && seconds === 0) {
    problem([...path, 'persistence_granularity'], 'granularity needs persistence', 'persistence: 300');
  }
  if (seconds > 0) {
    warning(
      [...path, 'persistence'],
      `the one client stays with its first real server for ${seconds} s, so ${name} is not seen, as expected`,
    );
  }
}

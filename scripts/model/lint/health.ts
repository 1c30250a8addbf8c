import { backendAt, backends } from '../../backends/index.ts';
import { familyOf } from '../addresses.ts';
import { namedServers } from '../real-servers.ts';
import type { ServiceInFile } from '../schema/service.ts';
import { directorName } from '../words.ts';
import type { Report, Rule } from './report.ts';

/** A MISC_CHECK sets a weight by its exit code less two, and the kit sets ten times the planned weight. */
const largestLoadWeight = Math.floor(253 / 10);

export const healthRules: Rule[] = [webPages, checks, ldirectord, quiesced, load];

/** Backends that health checks can check. */
const watched = backends.filter((one) => one.healthChecks.length > 0).map(({ name }) => name);

/** What the kit sets the checkers up for. */
function webPages({ file, services, names, problem }: Report): void {
  if (!file.health) return;
  for (const { service, path, endpoints } of services) {
    if (service.fwmark !== undefined || endpoints.some(({ backend }) => !watched.includes(backend))) {
      const words = watched.join(' or ');
      problem(
        path,
        `health checks work only for services with backend ${words}, and for none by fwmark`,
        fixFor(service),
      );
    }
  }
  if (names.includes(directorName)) {
    problem(
      ['health'],
      'the director is also a real server, so it cannot be the sorry server',
      'leave director out of real_servers',
    );
  }
}

/** At a port that is usual for another backend, the service would still get that backend. */
function fixFor({ port }: ServiceInFile): string {
  const [instead] = backends.filter(({ name }) => watched.includes(name));
  const other = typeof port === 'number' && port !== instead?.port && backendAt(port) !== undefined;
  return `backend: ${watched.join(' or ')}${other ? `, and port: ${instead?.port}` : ''}; or no health checks`;
}

function checks({ file, problem }: Report): void {
  const { by, checks: chosen } = file.health ?? {};
  if (!chosen) return;
  const at = ['health', 'checks'];
  if (by !== 'keepalived')
    problem(
      at,
      `only keepalived has a choice of checks; ${by} requests the page`,
      'leave checks out, or by: keepalived',
    );
  else if (new Set(chosen).size < chosen.length) problem(at, 'a check is listed twice');
  else if (chosen.join() === 'load')
    problem(at, 'load alone does not notice that a real server is down', 'another check beside load');
}

/** What ldirectord.cf cannot express (ldirectord(8)), and what ldirectord needs that the guests do not have. */
function ldirectord({ file, problem }: Report): void {
  if (file.health?.by !== 'ldirectord') return;
  if (familyOf(file.networks.front) === 6) {
    const what =
      'ldirectord checks IPv6 real servers with the Perl module Net::INET6Glue, which the machines do not have';
    problem(['health', 'by'], what, 'by: keepalived');
  }
  for (const [index, { tunnel }] of namedServers(file).entries()) {
    if (tunnel === undefined || tunnel === 'ipip') continue;
    const what = `ldirectord sets up ipip tunnels only, not ${tunnel}`;
    problem(['real_servers', index, 'tunnel'], what, 'tunnel: ipip, or health: { by: keepalived }');
  }
}

/** Hashes and persistence do not depend on weights, so they still find a failed real server with weight 0. */
function quiesced({ file, services, warning }: Report): void {
  if (!file.health?.quiescent) return;
  for (const { service, path } of services) {
    if (service.scheduler === 'sh' && !service.flags.includes('sh-fallback')) {
      const what = 'sh refuses the clients of a failed real server while it stays in the table with weight 0';
      warning([...path, 'scheduler'], what, 'flags: [sh-fallback], or quiescent: false');
    }
    if (service.persistence > 0 && !file.ipvs?.sysctls?.expire_quiescent_template) {
      const what = 'a persistent client stays with a failed real server while that stays in the table with weight 0';
      warning([...path, 'persistence'], what, 'ipvs: { sysctls: { expire_quiescent_template: 1 } }');
    }
  }
}

/** Weights that follow the load move requests only if the scheduler uses weights. */
function load({ file, services, problem }: Report): void {
  if (!file.health?.checks?.includes('load')) return;
  for (const { service, path, members } of services) {
    const { scheduler, persistence } = service;
    if (scheduler !== 'wrr' && scheduler !== 'wlc') {
      const what = `load changes weights, and the kit supports that only with wrr and wlc, not with ${scheduler}`;
      problem([...path, 'scheduler'], what, 'scheduler: wrr, or wlc');
    }
    if (persistence > 0) {
      problem(
        [...path, 'persistence'],
        'with persistence the client stays with one real server, whatever its load',
        'leave persistence out',
      );
    }
    if (members.filter(({ weight }) => weight > 0).length < 2) {
      problem(
        path,
        'load moves requests from one real server to another, and there is only one with a weight above 0',
        'two real servers',
      );
    }
    for (const { name, weight, at } of members) {
      if (weight <= largestLoadWeight) continue;
      const what = `weight ${weight} of ${name} is too large for load: ten times that does not fit into an exit code`;
      problem(at('weight'), what, `${largestLoadWeight} at most`);
    }
  }
}

import { checksOfLdirectord, checksOver } from '../../backends/health-checks.ts';
import { backendOf, servesPlainPages } from '../../backends/index.ts';
import { familyOf } from '../addresses.ts';
import { namedServers } from '../real-servers.ts';
import { isAllPorts } from '../services.ts';
import { directorName } from '../words.ts';
import type { LintedService, Report, Rule } from './report.ts';

/** A MISC_CHECK sets a weight by its exit code less two, and the kit sets ten times the planned weight. */
const largestLoadWeight = Math.floor(253 / 10);

export const healthRules: Rule[] = [watched, ofKeepalived, checks, quorums, ldirectord, quiesced, load];

/** Each service must have a check that fits its backend. */
function watched(report: Report): void {
  const { file, services, names, problem } = report;
  if (!file.health) return;
  for (const service of services) {
    if (isAllPorts(service.service)) {
      const what = 'the kit sets up no health checks for a service on port 0';
      problem([...service.path, 'port'], what, 'fwmark: 1 and a list of ports');
    } else if (file.health.by === 'ldirectord') ldirectordFits(report, service);
    else checkFits(report, service);
  }
  if (names.includes(directorName) && file.health.sorry_server) {
    problem(
      ['health'],
      'the director is also a real server, so it cannot be the sorry server',
      'sorry_server: false, or leave director out of real_servers',
    );
  }
}

/** What the kit sets ldirectord up for. */
function ldirectordFits({ problem }: Report, { service, path, protocol, endpoints }: LintedService): void {
  const fits = endpoints.every(({ backend }) =>
    checksOver(protocol, backendOf(backend).healthChecks).some((one) => checksOfLdirectord.includes(one)),
  );
  if (fits && service.fwmark === undefined) return;
  const what = 'the kit sets ldirectord up only for services over tcp, and for none by fwmark';
  problem(path, what, 'by: keepalived, which can check more; or no health checks');
}

function checkFits({ file, problem }: Report, { path, protocol, endpoints }: LintedService): void {
  const chosen = file.health?.checks;
  for (const { port, backend } of endpoints) {
    const fitting = checksOver(protocol, backendOf(backend).healthChecks).filter((one) => one !== 'load');
    if (fitting.length === 0) {
      problem(
        path,
        `keepalived has no health check for ${backend} over ${protocol}`,
        'another backend, or no health checks',
      );
    } else if (chosen && chosen.join() !== 'load' && !fitting.some((one) => chosen.includes(one))) {
      const what = `none of these checks fits port ${port} with backend ${backend}`;
      problem(['health', 'checks'], what, `${fitting.join(' or ')}; or leave checks out: each backend has its own`);
    }
  }
}

/** Keys that ldirectord has nothing for, or that need health checks. */
function ofKeepalived({ file, problem }: Report): void {
  const { health } = file;
  if (health?.by !== 'keepalived') {
    for (const [index, { quiescent }] of namedServers(file).entries()) {
      if (quiescent === undefined) continue;
      const what = health
        ? 'ldirectord quiesces all failed real servers of a service, or none'
        : 'without health checks no real server fails in the director’s table';
      problem(['real_servers', index, 'quiescent'], what, 'health: { by: keepalived }');
    }
  }
  if (health?.by !== 'ldirectord') return;
  for (const key of ['retry_delay', 'alpha', 'omega', 'quorum', 'hysteresis'] as const) {
    if (health[key] !== undefined) problem(['health', key], `ldirectord has nothing like ${key}`, 'by: keepalived');
  }
}

/** What keepalived would change of a quorum (validate_check_config in check_data.c), and what a quorum changes. */
function quorums({ file, services, problem, warning }: Report): void {
  const { by, quorum = 1, hysteresis = 0, sorry_server: sorry, checks: chosen } = file.health ?? {};
  if (by !== 'keepalived' || (quorum === 1 && hysteresis === 0)) return;
  const at = (key: string) => ['health', key];
  if (hysteresis >= quorum) {
    problem(
      at('hysteresis'),
      `keepalived makes it ${quorum - 1}, because it must be less than quorum`,
      'a larger quorum',
    );
    return;
  }
  if (chosen?.includes('load')) {
    problem(at('quorum'), 'load changes the weights that the quorum counts', 'leave load out of checks');
  }
  for (const { path, members, endpoints } of services) {
    const all = members.reduce((sum, { weight }) => sum + weight, 0);
    const pages = endpoints[0] && servesPlainPages(endpoints[0]);
    if (quorum + hysteresis > all) {
      const what = `a lost quorum comes back with weight ${quorum + hysteresis}, and all weights of this service together are ${all}`;
      problem(path, what, `quorum: ${Math.max(1, all - hysteresis)} or less`);
    } else if (!sorry || !pages) {
      const what = 'this service has no sorry server, so a lost quorum changes nothing in the director’s table';
      warning(path, what, pages ? 'sorry_server: true' : undefined);
    }
  }
}

function checks({ file, services, problem }: Report): void {
  const { by, checks: chosen } = file.health ?? {};
  if (!chosen) return;
  const at = ['health', 'checks'];
  if (by !== 'keepalived')
    problem(
      at,
      `only keepalived has a choice of checks; ${by} requests the page, or opens the port`,
      'leave checks out, or by: keepalived',
    );
  else if (new Set(chosen).size < chosen.length) problem(at, 'a check is listed twice');
  else if (chosen.join() === 'load')
    problem(at, 'load alone does not notice that a real server is down', 'another check beside load');
  else {
    const served = services.flatMap(({ protocol, endpoints }) =>
      endpoints.flatMap(({ backend }) => checksOver(protocol, backendOf(backend).healthChecks)),
    );
    const idle = chosen.filter((one) => !served.includes(one));
    if (idle.length > 0 && idle.length < chosen.length)
      problem(at, `no service of the lab has a backend for ${idle.join(' and ')}`, 'leave it out');
  }
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
  for (const { service, path, members } of services) {
    if (!members.some(({ quiescent }) => quiescent)) continue;
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
  for (const { service, path, members, endpoints } of services) {
    const { scheduler, persistence } = service;
    if (endpoints.some(({ backend }) => !backendOf(backend).healthChecks.includes('load')))
      problem(['health', 'checks'], 'load is for services of pages without TLS only', 'leave load out');
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

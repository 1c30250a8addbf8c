import { backends } from '../../backends/index.ts';
import { familyOf } from '../addresses.ts';
import { directorName } from '../lab.ts';
import type { Report, Rule } from './report.ts';

/** A MISC_CHECK tells a weight by its exit code less two, and this kit makes it ten times the planned one. */
export const largestLoadWeight = Math.floor(253 / 10);

export const healthRules: Rule[] = [webPages, checks, ldirectord, quiesced, load];

/** Backends that something can watch. */
const watched = backends.filter((one) => one.healthChecks.length > 0).map(({ name }) => name);

/** What the checkers are set up for here. */
function webPages({ file, services, names, problem }: Report): void {
  if (!file.health) return;
  for (const { service, path, endpoints } of services) {
    if (service.fwmark !== undefined || endpoints.some(({ backend }) => !watched.includes(backend))) {
      const words = watched.join(' or ');
      problem(path, `${file.health.by} looks at web pages here, over ${words} and without a mark`, `backend: ${words}`);
    }
  }
  if (names.includes(directorName)) {
    problem(['health'], 'the director is a real server here, and its page cannot be sorry as well', 'no LocalNode');
  }
}

function checks({ file, problem }: Report): void {
  const { by, checks: chosen } = file.health ?? {};
  if (!chosen) return;
  const at = ['health', 'checks'];
  if (by !== 'keepalived') problem(at, `${by} always looks at the page`, 'leave checks out, or by: keepalived');
  else if (new Set(chosen).size < chosen.length) problem(at, 'a check is there twice');
  else if (chosen.join() === 'load') problem(at, 'load does not notice when Apache dies', 'http or tcp beside it');
}

/** What ldirectord.cf has no words for, ldirectord(8), and what ldirectord needs that the guests do not have. */
function ldirectord({ file, problem }: Report): void {
  if (file.health?.by !== 'ldirectord') return;
  if (familyOf(file.networks.front) === 6) {
    const what = 'ldirectord asks IPv6 real servers by the Perl module Net::INET6Glue, which the machines do not have';
    problem(['health', 'by'], what, 'by: keepalived');
  }
  if (!Array.isArray(file.real_servers)) return;
  for (const [index, { tunnel = 'ipip' }] of file.real_servers.entries()) {
    if (tunnel === 'ipip') continue;
    const what = `ldirectord cannot tell IPVS to tunnel by ${tunnel}: it knows ipip only`;
    problem(['real_servers', index, 'tunnel'], what, 'tunnel: ipip, or health: { by: keepalived }');
  }
}

/** What keeps its place in the table with weight 0 is still found by those who do not ask for weights. */
function quiesced({ file, services, warning }: Report): void {
  if (!file.health?.quiescent) return;
  for (const { service, path } of services) {
    if (service.scheduler === 'sh' && !service.flags?.includes('sh-fallback')) {
      const what = 'sh keeps the places of a real server with weight 0, and refuses who comes there';
      warning([...path, 'scheduler'], what, 'flags: [sh-fallback], or quiescent: false');
    }
    if ((service.persistence ?? 0) > 0 && !file.ipvs?.sysctls?.expire_quiescent_template) {
      const what = 'a client stays with a real server that has failed, which keeps its place with weight 0';
      warning([...path, 'persistence'], what, 'ipvs: { sysctls: { expire_quiescent_template: 1 } }');
    }
  }
}

/** Weights that follow the load move requests only where the scheduler goes by them. */
function load({ file, services, problem }: Report): void {
  if (!file.health?.checks?.includes('load')) return;
  for (const { service, path, members } of services) {
    const { scheduler = 'rr', persistence = 0 } = service;
    if (scheduler !== 'wrr' && scheduler !== 'wlc') {
      const what = `load changes weights, and ${scheduler} does not share requests out by them`;
      problem([...path, 'scheduler'], what, 'scheduler: wrr, or wlc');
    }
    if (persistence > 0) {
      problem([...path, 'persistence'], 'the client stays with one real server, whatever the load', 'no persistence');
    }
    if (members.filter(({ weight }) => weight > 0).length < 2) {
      problem(path, 'load moves requests from one real server to another, and there is no other', 'two of them');
    }
    for (const { name, weight, at } of members) {
      if (weight <= largestLoadWeight) continue;
      const what = `${name} has weight ${weight}: an exit code cannot tell ten times that to keepalived`;
      problem(at('weight'), what, `${largestLoadWeight} at most`);
    }
  }
}

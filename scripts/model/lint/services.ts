import { familyOf, whyNoHost } from '../addresses.ts';
import { directorOf } from '../nodes.ts';
import { hostExample } from '../reading/examples.ts';
import type { Path } from '../reading/source.ts';
import type { ServiceInFile } from '../schema/service.ts';
import { isAllPorts, rangesOf } from '../services.ts';
import { portsOfMachines } from './ports-of-machines.ts';
import type { LintedService, Report, Rule, ServiceRule } from './report.ts';
import { schedulingRules } from './scheduling.ts';
import { backend } from './service-backend.ts';
import { memberRules } from './service-members.ts';

const each: ServiceRule[] = [ownVip, ports, backend, ...memberRules, ...schedulingRules];

export const serviceRules: Rule[] = [
  howMany,
  vips,
  (report) => {
    for (const service of report.services) for (const rule of each) rule(report, service);
  },
  noneTwice,
  inRange,
  portsOfMachines,
  everyServerServes,
];

function howMany({ file, services, examples, problem }: Report): void {
  if (services.length === 0) problem(['service'], 'it is missing', `service: { vip: ${examples.vip} }`);
  if (file.service && file.services)
    problem(['services'], 'the file has the key service too', 'all services in the list below services:');
}

export function vips({ file, services, problem }: Report): void {
  const { front } = file.networks;
  for (const { service, path } of services) {
    if (familyOf(service.vip) !== familyOf(front)) continue; // reported already
    const why = whyNoHost(service.vip, front, 'the front network');
    if (why) problem([...path, 'vip'], `${why}, where the client asks for the VIP`, hostExample(file, front));
  }
}

function ownVip({ file, problem }: Report, { service, path, members }: LintedService): void {
  const at = [...path, 'vip'];
  if (members.some(({ mode }) => mode !== 'nat') && service.vip === directorOf(file).front) {
    problem(
      at,
      `${service.vip} is the director’s own address: the real servers hold the VIP too, so they could not answer the director`,
      'another address for the VIP',
    );
  }
}

function ports({ problem, warning }: Report, { service, path, endpoints }: LintedService): void {
  const at = [...path, 'port'];
  if (isAllPorts(service)) {
    allPorts(problem, service, path);
  } else if (Array.isArray(service.port) && service.fwmark === undefined) {
    problem(at, 'only a service by fwmark has several ports', 'fwmark: 1');
  } else if (endpoints.length === 0) {
    problem(at, 'clients ask at no port of a range, so the list needs another port', 'port: [21, 10000-10100]');
  }
  if ([service.port].flat().includes(22)) {
    warning(at, 'port 22 of the VIP hides the SSH server of the machine that holds the VIP');
  }
}

/** ipvsadm refuses them without persistence (process_options in ipvsadm.c). */
function allPorts(problem: Report['problem'], service: ServiceInFile, path: Path): void {
  const at = [...path, 'port'];
  if (service.fwmark !== undefined)
    problem(at, 'the director sets a mark on certain ports, and 0 is no port', 'the ports, or leave fwmark out');
  else if (rangesOf(service).length > 0)
    problem(at, 'port 0 has all ports, those of the range as well', 'leave the range out');
  else if (service.persistence === 0) problem(at, 'ipvsadm refuses port 0 without persistence', 'persistence: 300');
}

/** The mark is on packets to all ports of a range, so they belong to no other service. */
function inRange({ services, problem }: Report): void {
  for (const { service, path, protocol } of services) {
    for (const range of rangesOf(service)) {
      const [low = 0, high = 0] = range.split('-').map(Number);
      for (const other of services) {
        const [taken] = other.endpoints.filter(({ port }) => port >= low && port <= high);
        if (!taken || other.service.vip !== service.vip || other.protocol !== protocol) continue;
        problem([...path, 'port'], `${range} has port ${taken.port}, which another entry of the lab file has as well`);
      }
    }
  }
}

function noneTwice({ services, problem }: Report): void {
  const taken = new Set<string>();
  for (const { service, path, protocol, endpoints } of services) {
    const own = [
      ...(service.fwmark === undefined ? [] : [`fwmark ${service.fwmark}`]),
      ...(isAllPorts(service) ? [`${protocol} ${service.vip} port 0`] : []),
      ...endpoints.map(({ port }) => `${protocol} ${service.vip} port ${port}`),
    ];
    if (new Set(own).size < own.length) problem([...path, 'port'], 'a port is listed twice');
    for (const one of new Set(own)) {
      if (taken.has(one)) problem(path, `another service has ${one} already`);
      taken.add(one);
    }
  }
}

/** A real server without a service gets no requests. */
function everyServerServes(report: Report): void {
  const serving = new Set(report.services.flatMap(({ members }) => members.map(({ name }) => name)));
  const idle = report.names.filter((name) => !serving.has(name));
  if (idle.length > 0 && report.services.length > 0) {
    report.warning(['real_servers'], `${idle.join(', ')} belongs to no service, so it gets no requests`);
  }
}

import { stringify } from 'yaml';
import { longestTitle, serviceCount } from '../model/limits.ts';
import type { WrittenLabFile } from '../model/schema/lab-file.ts';
import type { WrittenService } from '../model/schema/service.ts';
import { type Mode, modes } from '../model/words.ts';
import { plainWidth, wrapLines } from '../report/wrap.ts';
import { type Draft, networks } from './draft.ts';
import type { Imported, ImportedService } from './imported.ts';
import { addMachines, writtenServer } from './machines.ts';
import { serviceFor } from './services.ts';

export interface LabText {
  /** A lab file. Comments in its first lines say which part of the lab stands for which part of the configuration. */
  text: string;
  /** Parts of the configuration that the lab lacks, a sentence for each. */
  notCarriedOver: string[];
}

/**
 * A lab that rehearses a configuration: its services and real servers, with their weights, schedulers, persistence,
 * thresholds and forwarding methods, on addresses of the lab.
 * @param from name of the configuration's file
 * @throws RangeError if a lab can have none of its services
 */
export function labOf(imported: Imported, from: string): LabText {
  const draft = draftOf(imported);
  const { family, machines } = draft;
  const services = servicesFor(imported, draft);
  const vips = new Set(imported.services.map(({ vip }) => vip));
  for (const service of services) addMachines(draft, service, vips);
  const made = services.flatMap((service) => serviceFor(draft, service) ?? []);
  const [only] = made;
  if (!only) throw new RangeError(['a lab can have none of its services', ...draft.notCarriedOver].join('; '));
  const mode = mostFrequent(services.flatMap(({ servers }) => servers.map(({ forwarding }) => forwarding)));
  const { front, back } = networks[family];
  const file: WrittenLabFile = {
    title: titleOf(services, made, from),
    mode,
    networks: { front, ...(machines.some((one) => one.mode === 'nat') && { back }) },
    real_servers: machines.map((machine) => writtenServer(machine, mode)),
    ...(made.length === 1 ? { service: only } : { services: made }),
  };
  draft.notCarriedOver = [...new Set(draft.notCarriedOver)];
  return { text: `${head(draft, from)}${stringify(file, { lineWidth: 0 })}`, notCarriedOver: draft.notCarriedOver };
}

/** A lab without machines and services, of the family of the first service that has real servers. */
function draftOf({ services, notCarriedOver }: Imported): Draft {
  const first = services.find(({ servers }) => servers.length > 0);
  if (!first) {
    const others = notCarriedOver.slice(0, 3).join(', ');
    const found = others ? `; these parts alone do not make a lab: ${others}` : '';
    throw new RangeError(`there is no service with real servers in it${found}`);
  }
  return {
    family: first.ipv6 ? 6 : 4,
    machines: [],
    vips: new Map(),
    names: new Set(),
    ports: new Map(),
    notCarriedOver: [...notCarriedOver],
  };
}

/** Services that the lab has room for. */
function servicesFor({ services }: Imported, { family, notCarriedOver }: Draft): ImportedService[] {
  const refuse = ({ title }: ImportedService, why: string) => notCarriedOver.push(`service ${title}: ${why}`);
  const served = services.filter(({ servers }) => servers.length > 0);
  for (const service of services) if (!served.includes(service)) refuse(service, 'it has no real server');
  for (const service of served.slice(serviceCount.most)) refuse(service, `a lab has at most ${serviceCount.most}`);
  return served.slice(0, serviceCount.most).filter((service) => {
    const fits = service.ipv6 === (family === 6);
    if (!fits) refuse(service, `the lab is IPv${family}, and a lab has one address family`);
    return fits;
  });
}

function titleOf([first]: readonly ImportedService[], made: readonly WrittenService[], from: string): string {
  const what = made.length === 1 && first ? first.title : `${made.length} services of ${from}`;
  return withoutControl(`Rehearses ${what}`).slice(0, longestTitle);
}

function head({ machines, vips, notCarriedOver }: Draft, from: string): string {
  const lines = [
    `Made by lab import from ${from}.`,
    '',
    ...[...vips].map(([key, vip]) => `${key.startsWith('mark') ? key : `VIP ${key}`} is ${vip} here`),
    'Real servers, in the order in which they are added:',
    ...machines.map(
      ({ rips, name, local, address }) => `  ${rips.join(' and ')} is ${name}${local ? '' : `, ${address}`}`,
    ),
    ...(notCarriedOver.length > 0 ? ['', 'Not carried over:', ...notCarriedOver.map((one) => `  ${one}`)] : []),
  ];
  const text = wrapLines(lines.map(withoutControl).join('\n'), plainWidth - 2);
  return `${text
    .split('\n')
    .map((line) => `# ${line}`.trimEnd())
    .join('\n')}\n`;
}

/** Removes control characters, which must not reach a comment or a title. */
function withoutControl(text: string): string {
  return text.replace(/\p{C}/gu, ' ');
}

function mostFrequent(all: readonly Mode[]): Mode {
  const count = (mode: Mode) => all.filter((one) => one === mode).length;
  return modes.reduce((best, mode) => (count(mode) > count(best) ? mode : best));
}

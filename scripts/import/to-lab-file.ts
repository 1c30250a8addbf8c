import { stringify } from 'yaml';
import { longestTitle, realServerCount } from '../model/limits.ts';
import type { WrittenLabFile } from '../model/schema/lab-file.ts';
import { type Mode, modes } from '../model/words.ts';
import { plainWidth, wrapLines } from '../report/wrap.ts';
import { chosen } from './choose.ts';
import { type Draft, networks } from './draft.ts';
import type { Imported, ImportedService } from './imported.ts';
import { isLeftWithOwner, type Ledger, type Left, type Note } from './ledger.ts';
import { addMachines, machinesFor, writtenServer } from './machines.ts';
import { serviceFor } from './services.ts';
import { withSettings } from './settings.ts';
import { titleOf } from './titles.ts';
import { leftSentences, noteSentences, printable } from './wording.ts';

export interface LabText {
  /** A lab file. Comments in its first lines say which part of the lab stands for which part of the configuration. */
  text: string;
  /** Statements of the configuration that the lab lacks. */
  left: Left[];
  /** What people should know of statements that the lab has. */
  notes: Note[];
  /** What the configuration does not tell. */
  untold: string[];
}

/** A lab can have none of the services of a configuration. */
export class NoLabError extends Error {
  /** What is left, which is everything. What is left with the statement around it is not here. */
  readonly left: Left[];

  constructor(what: string, left: readonly Left[]) {
    super(what);
    this.left = left.filter((one) => !isLeftWithOwner(one));
  }
}

export interface Choice {
  /** Services, by their titles or addresses. */
  services?: readonly string[] | undefined;
  /** The most machines for real servers. */
  realServers?: number | undefined;
}

/**
 * A lab that rehearses a configuration: its services and real servers, with their weights, schedulers, persistence,
 * thresholds and forwarding methods, on addresses of the lab.
 * @param from name of the configuration's file
 * @throws NoLabError if a lab can have none of its services
 * @throws ChoiceError if somebody must choose among them
 */
export function labOf(imported: Imported, ledger: Ledger, from: string, choice: Choice = {}): LabText {
  const wanted = chosen(imported.services, choice.services, ledger);
  const draft = draftOf(wanted, ledger, choice);
  const { family, machines } = draft;
  const services = wanted.filter((service) => {
    const fits = service.ipv6 === (family === 6);
    if (!fits) ledger.leave(service.by, `the lab is IPv${family}, and a lab has one address family`);
    return fits;
  });
  const ofDirector = new Set([...imported.services.map(({ vip }) => vip), ...imported.own.map(({ value }) => value)]);
  for (const service of services) addMachines(draft, service, ofDirector);
  for (const { value, by } of imported.own)
    if (machines.some(({ local, rips }) => local && rips.includes(value))) ledger.keep(by);
  const made = services.flatMap((service) => serviceFor(draft, service) ?? []);
  leaveServers(imported.services, ledger);
  const has = services.filter(({ by }) => ledger.isKept(by));
  const [only] = made;
  if (!only) throw new NoLabError('a lab can have none of its services', ledger.left());
  const used = machines.filter(({ name }) =>
    made.some((one) => one.real_servers?.some((member) => typeof member === 'object' && member.name === name)),
  );
  const mode = mostFrequent(has.flatMap(({ servers }) => servers.map(({ forwarding }) => forwarding.value)));
  const { front, back } = networks[family];
  const bare: WrittenLabFile = {
    title: titleFor(has, from),
    mode,
    networks: { front, ...(used.some((one) => one.mode === 'nat') && { back }) },
    real_servers: used.map((machine) => writtenServer(machine, mode)),
    ...(made.length === 1 ? { service: only } : { services: made }),
  };
  const file = withSettings(bare, imported, has, draft);
  const told = { left: ledger.left(), notes: ledger.notes(), untold: imported.untold };
  return { text: `${head({ ...draft, machines: used }, from, told)}${stringify(file, { lineWidth: 0 })}`, ...told };
}

/** Real servers of services that are left, where a command of their own adds them. */
function leaveServers(services: readonly ImportedService[], ledger: Ledger): void {
  for (const { by, servers } of services) {
    if (!ledger.isKept(by)) for (const server of servers) ledger.expect(server.by, 'its service is left');
  }
}

/** A lab without machines and services, of the family of the first service. */
function draftOf(services: readonly ImportedService[], ledger: Ledger, choice: Choice): Draft {
  const [first] = services;
  if (!first) {
    throw new NoLabError('there is no service with real servers in it', ledger.left());
  }
  const most = choice.realServers ?? realServerCount.most;
  const family = first.ipv6 ? 6 : 4;
  const sharing = machinesFor(services.filter(({ ipv6 }) => ipv6 === first.ipv6)) > most;
  return {
    family,
    ledger,
    machines: [],
    places: new Map(),
    most,
    sharing,
    vips: new Map(),
    names: new Set(),
    ports: new Map(),
  };
}

function titleFor(made: readonly ImportedService[], from: string): string {
  const [first] = made;
  const what = made.length === 1 && first ? titleOf(first) : `${made.length} services of ${from}`;
  return printable(`Rehearses ${what}`).slice(0, longestTitle);
}

function head({ machines, vips }: Draft, from: string, { left, notes, untold }: Omit<LabText, 'text'>): string {
  const [lost, known] = [leftSentences(left), noteSentences(notes, untold)];
  const lines = [
    `Made by lab import from ${from}.`,
    '',
    ...[...vips].map(([key, vip]) => `${key.startsWith('mark') ? key : `VIP ${key}`} is ${vip} here`),
    'Real servers, in the order in which they are added:',
    ...machines.map(
      ({ rips, instance, name, local, address }) =>
        `  ${rips.join(' and ')}${instance > 0 ? ` once more` : ''} is ${name}${local ? '' : `, ${address}`}`,
    ),
    ...(lost.length > 0 ? ['', 'Not carried over:', ...lost.map((one) => `  ${one}`)] : []),
    ...(known.length > 0 ? ['', 'Good to know:', ...known.map((one) => `  ${one}`)] : []),
  ];
  const text = wrapLines(lines.map(printable).join('\n'), plainWidth - 2);
  return `${text
    .split('\n')
    .map((line) => `# ${line}`.trimEnd())
    .join('\n')}\n`;
}

function mostFrequent(all: readonly Mode[]): Mode {
  const count = (mode: Mode) => all.filter((one) => one === mode).length;
  return modes.reduce((best, mode) => (count(mode) > count(best) ? mode : best));
}

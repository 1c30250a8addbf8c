import { type HealthCheck, healthChecks, pageCheck } from '../../../backends/health-checks.ts';
import { familyOf } from '../../../model/addresses.ts';
import { longestTimeout } from '../../../model/limits.ts';
import { type Protocol, schedulers } from '../../../model/words.ts';
import type { Check, Imported, ImportedService, Said } from '../../imported.ts';
import type { Ledger } from '../../ledger.ts';
import { lastSaid, wholeNumber } from '../../said.ts';
import type { Source, Statement } from '../../statement.ts';
import { Wrong } from '../../wrong.ts';
import { addressOf } from '../ipvsadm/addresses.ts';
import type { Reader } from '../reader.ts';
import { linesOf } from './lines.ts';
import { serversOf } from './servers.ts';

/** ldirectord.cf, ldirectord(8). */
export const ldirectord: Reader = {
  name: 'ldirectord.cf',
  sign: /^[ \t]*(virtual6?[ \t]*=[ \t]*(\S+:\w+|\d+)|(checktimeout|checkinterval|negotiatetimeout|quiescent|autoreload)[ \t]*=)/m,
  help: 'see ldirectord(8)',
  read,
};

/** Seconds (set_defaults in ldirectord). */
const usual = { checkinterval: 10, negotiatetimeout: 30, checktimeout: 5, failurecount: 1 };

/** What ldirectord asks for by `service`, in the words of a lab; of other services a lab only opens the port. */
function questionOf(service: string): HealthCheck {
  return service === '' ? pageCheck : (healthChecks.find((one) => one === service) ?? 'tcp');
}

/** Kinds of checks that only open the port. */
const opens: Readonly<Record<string, HealthCheck>> = { connect: 'tcp' };

/** Why a lab has no use for a word; the first that fits. */
const reasons: readonly [word: RegExp, why: string][] = [
  [/^(emailalert|smtp$)/, 'a lab sends no mail'],
  [
    /^(autoreload|logfile|execute|supervised|fork|callback|cleanstop|maintenancedir|readdquiescent|servicename|comment)$/,
    'it tells ldirectord how to run',
  ],
  [
    /^(request|receive|virtualhost|httpmethod|checkport|checkcommand|login|passwd|database|secret|load)$/,
    'a lab checks what its own servers have',
  ],
  [
    /^(checktype|checktimeout|negotiatetimeout|checkinterval|quiescent|fallback6?|service)$/,
    'no health checks are carried over',
  ],
  [/^(virtual6?|real6?|scheduler|schedflags|persistent|netmask|protocol|ops)$/, 'its service is left'],
  [/^checkcount$/, 'it is for pings, which no check of a lab is'],
  [/^(monitorfile|fallbackcommand)$/, 'a lab runs no scripts of yours'],
];

function read(sources: readonly Source[], ledger: Ledger): Imported {
  const top = sources.flatMap((one) => linesOf(one, ledger));
  const services = top.filter(({ block }) => block).flatMap((one) => serviceOf(one, top, ledger));
  for (const one of top.flatMap((line) => [line, ...(line.block ?? [])])) {
    ledger.expect(one, reasons.find(([word]) => word.test(one.name))?.[1] ?? 'ldirectord does not know it here');
  }
  return { services, own: [], sysctls: [], pairs: [], untold: [] };
}

function serviceOf(by: Statement, top: readonly Statement[], ledger: Ledger): ImportedService[] {
  const target = by.word(1) ?? '';
  const marked = /^\d+$/.test(target);
  const place = marked ? { address: '', port: Number(target) } : addressOf(target);
  if (place instanceof Wrong || place.port === undefined) {
    ledger.leave(by, place instanceof Wrong ? place.why : 'it has no port, which ldirectord wants');
    return [];
  }
  const { block = [] } = by;
  const named = (name: string, from: readonly Statement[] = block) => from.filter((one) => one.name === name);
  const six = by.name === 'virtual6';
  const protocol = protocolOf(named('protocol'), place.port, marked, ledger);
  const check = checkOf(by, top, ledger);
  const servers = named(six ? 'real6' : 'real').flatMap((one) => {
    const made = serversOf(one, marked ? 0 : (place.port ?? 0), check, ledger);
    if (!(made instanceof Wrong)) return made;
    ledger.leave(one, made.why);
    return [];
  });
  const quiescent = quiescentOf(block, top, ledger);
  const scheduler = lastSaid(ledger, named('scheduler'), 'wrr', (one) => {
    const word = /[a-z]+/.exec(one.word(1) ?? '')?.[0] ?? '';
    return schedulers.some((known) => known === word)
      ? word
      : new Wrong('ipvsadm does not know this scheduler, and refuses the service');
  });
  const [flags] = named('schedflags').slice(-1);
  const fallback = [...named(six ? 'fallback6' : 'fallback'), ...named(six ? 'fallback6' : 'fallback', top)][0];
  const service: ImportedService = {
    by,
    also: protocol.by ? [protocol.by] : [],
    protocol: marked ? 'mark' : protocol.value,
    vip: place.address,
    port: place.port,
    ipv6: marked ? six : familyOf(place.address) === 6,
    scheduler,
    flags: (flags?.word(1) ?? '').split(',').flatMap((value) => (value ? { value, by: flags } : [])),
    persistence: lastSaid(ledger, named('persistent'), 0, (one) => wholeNumber(one.word(1), 1, longestTimeout)),
    granularity: lastSaid(ledger, named('netmask'), '', (one) => one.word(1) ?? ''),
    ops: lastSaid(ledger, named('ops'), false, (one) => one.word(1) === 'yes'),
    servers: servers.map((one) => ({ ...one, quiescent })),
    watch: { by: 'ldirectord', ...(fallback && { sorry: { value: fallback.word(1) ?? '', by: fallback } }) },
  };
  return [service];
}

/** TCP, for port 53 UDP, unless the file says it. */
function protocolOf(statements: readonly Statement[], port: number, marked: boolean, ledger: Ledger): Said<Protocol> {
  return lastSaid<Protocol>(ledger, statements, port === 53 && !marked ? 'udp' : 'tcp', (one) => {
    const word = one.word(1);
    if (word === 'tcp' || word === 'udp') return word;
    return marked && word === 'fwm'
      ? 'tcp'
      : new Wrong('ldirectord refuses it: protocol is tcp or udp, or fwm for a mark');
  });
}

function quiescentOf(block: readonly Statement[], top: readonly Statement[], ledger: Ledger): Said<boolean> {
  const yes = (one: Statement) => {
    const word = one.word(1);
    return word === 'yes' || word === 'no' ? word === 'yes' : new Wrong('ldirectord refuses it: yes or no');
  };
  const [own, all] = [block, top].map((from) =>
    lastSaid(
      ledger,
      from.filter(({ name }) => name === 'quiescent'),
      false,
      yes,
    ),
  );
  return (own?.by ? own : all) ?? { value: false };
}

/** ldirectord asks for a page unless checktype says something else. */
function checkOf(by: Statement, top: readonly Statement[], ledger: Ledger): Check {
  const said = (name: keyof typeof usual, ...places: (readonly Statement[])[]) =>
    places
      .map((from) =>
        lastSaid(
          ledger,
          from.filter((one) => one.name === name),
          0,
          (one) => wholeNumber(one.word(1), 1, 1_000_000),
        ),
      )
      .find((one) => one.by);
  const [own, all] = [by.block ?? [], top];
  const named = (name: string) => own.filter((one) => one.name === name);
  const type = lastSaid(ledger, named('checktype'), 'negotiate', (one) => one.word(1) ?? '');
  const word = lastSaid(ledger, named('service'), '', (one) => one.word(1) ?? '');
  const asks = type.value === 'negotiate';
  const order = asks
    ? (['negotiatetimeout', 'checktimeout'] as const)
    : (['checktimeout', 'negotiatetimeout'] as const);
  const times = [own, all].flatMap((from) => order.flatMap((name) => said(name, from) ?? []));
  const [timeout = { value: usual[order[0]] }, ...unused] = times;
  for (const one of unused) ledger.leave(one.by, `a lab has one time for both: that of line ${timeout.by?.line}`);
  const failures = said('failurecount', own, all);
  const known = healthChecks.some((one) => one === word.value) ? word.by : undefined;
  if (asks && word.by && !known) ledger.leave(word.by, `a lab has no check that asks for ${word.value}`);
  return {
    by: (asks ? known : type.by) ?? type.by ?? by,
    kind: word.value === 'none' ? undefined : asks ? questionOf(word.value) : opens[type.value],
    interval: said('checkinterval', own, all) ?? { value: usual.checkinterval },
    timeout,
    retry: failures ? { value: failures.value - 1, by: failures.by } : { value: 0 },
    retryDelay: { value: 0 },
    alpha: { value: true },
    alike: [type.by, known].filter((one) => one !== undefined),
  };
}

import { familyOf } from '../../../model/addresses.ts';
import { longestTimeout, weightRange } from '../../../model/limits.ts';
import { type Mode, type Protocol, tunnels } from '../../../model/words.ts';
import type { ImportedServer, ImportedService, ImportedTimeouts, Said } from '../../imported.ts';
import type { Ledger } from '../../ledger.ts';
import { wholeNumber } from '../../said.ts';
import type { Statement } from '../../statement.ts';
import { Wrong } from '../../wrong.ts';
import { addressOf } from './addresses.ts';

/** A command: its options as statements, by their names. */
export interface Command {
  by: Statement;
  /** The option that says what to do: A, a, C, set. */
  does: string;
  options: ReadonlyMap<string, Statement>;
}

const forwarding: Readonly<Record<string, Mode>> = { m: 'nat', g: 'dr', i: 'tun' };
const protocols: Readonly<Record<string, Protocol>> = { t: 'tcp', u: 'udp', 'sctp-service': 'sctp' };

/** What names the service of a command. */
interface Named {
  key: string;
  protocol: Protocol | 'mark';
  vip: string;
  port: number;
  ipv6: boolean;
}

/** The table that commands of ipvsadm make, one after the other, as the kernel keeps it. */
export class Table {
  readonly #services = new Map<string, ImportedService>();
  readonly #ledger: Ledger;
  timeouts: ImportedTimeouts | undefined;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  get services(): ImportedService[] {
    return [...this.#services.values()];
  }

  /** @returns why ipvsadm or the kernel refuses the command */
  run(command: Command): Wrong | undefined {
    switch (command.does) {
      case 'A':
      case 'E':
        return this.#service(command);
      case 'D':
        return this.#deleteService(command);
      case 'a':
      case 'e':
        return this.#server(command);
      case 'd':
        return this.#deleteServer(command);
      case 'C':
        return this.#clear(command);
      case 'set':
        return this.#set(command);
      default:
        return undefined;
    }
  }

  #service({ by, does, options }: Command): Wrong | undefined {
    const name = nameOf(options);
    if (name instanceof Wrong) return name;
    const before = this.#services.get(name.key);
    if (does === 'A' && before)
      return new Wrong(`ipvsadm refuses it: “Service already exists”, since line ${before.by.line}`);
    if (does === 'E' && !before) return new Wrong('ipvsadm refuses it: “No such service”');
    const read = serviceFrom(by, options, name);
    if (read instanceof Wrong) return read;
    if (before) this.#replaced(before.by, by, false);
    this.#services.set(name.key, { ...read, servers: before?.servers ?? [] });
    return undefined;
  }

  #server({ by, does, options }: Command): Wrong | undefined {
    const name = nameOf(options);
    if (name instanceof Wrong) return name;
    const service = this.#services.get(name.key);
    if (!service) return new Wrong('ipvsadm refuses it: “Service not defined”; no command before adds it');
    const server = serverFrom(by, options, service);
    if (server instanceof Wrong) return server;
    const at = service.servers.findIndex((one) => isSame(service, one, server));
    const before = service.servers[at];
    if (does === 'a' && before)
      return new Wrong(`ipvsadm refuses it: “Destination already exists”, since line ${before.by.line}`);
    if (does === 'e' && !before) return new Wrong('ipvsadm refuses it: “No such destination”');
    if (before) this.#replaced(before.by, by, true);
    service.servers = before ? service.servers.with(at, server) : [...service.servers, server];
    return undefined;
  }

  /** The options of a command that a later one sets anew. The service or server itself stays. */
  #replaced(before: Statement, by: Statement, whole: boolean): void {
    this.#ledger.leave(before, `line ${by.line} sets ${whole ? 'it' : 'the service'} anew`);
  }

  #deleteService({ by, options }: Command): Wrong | undefined {
    const name = nameOf(options);
    if (name instanceof Wrong) return name;
    const service = this.#services.get(name.key);
    if (!service) return new Wrong('ipvsadm refuses it: “No such service”');
    this.#gone([service], by, 'deletes');
    this.#services.delete(name.key);
    return undefined;
  }

  #deleteServer({ by, options }: Command): Wrong | undefined {
    const name = nameOf(options);
    if (name instanceof Wrong) return name;
    const service = this.#services.get(name.key);
    const server = service && serverFrom(by, options, service);
    if (server instanceof Wrong) return server;
    const before = server && service?.servers.find((one) => isSame(service, one, server));
    if (!service || !before) return new Wrong('ipvsadm refuses it: “No such destination”');
    service.servers = service.servers.filter((one) => one !== before);
    this.#ledger.leave(before.by, `line ${by.line} deletes it`);
    this.#ledger.keep(by);
    return undefined;
  }

  #clear({ by }: Command): undefined {
    this.#gone(this.services, by, 'clears the table, and so deletes');
    this.#services.clear();
  }

  #gone(services: readonly ImportedService[], by: Statement, what: string): void {
    const lost = services.flatMap((one) => [one.by, ...one.servers.map((server) => server.by)]);
    for (const one of lost) this.#ledger.leave(one, `line ${by.line} ${what} it`);
    this.#ledger.keep(by);
  }

  /** Time-outs; 0 leaves one as it is. */
  #set({ by, options }: Command): Wrong | undefined {
    const words = options.get('set')?.from(1) ?? [];
    const [tcp, tcpfin, udp] = words.flatMap((one) => one.split(' ')).map((one) => wholeNumber(one, 0, longestTimeout));
    if (typeof tcp !== 'number' || typeof tcpfin !== 'number' || typeof udp !== 'number')
      return new Wrong(`ipvsadm refuses it: --set takes three numbers from 0 to ${longestTimeout}`);
    const before = this.timeouts;
    const said = (value: number, old: Said<number> | undefined) => (value > 0 || !old ? { value, by } : old);
    this.timeouts = { tcp: said(tcp, before?.tcp), tcpfin: said(tcpfin, before?.tcpfin), udp: said(udp, before?.udp) };
    const used = Object.values(this.timeouts).map((one) => one.by);
    for (const one of Object.values(before ?? {}))
      if (!used.includes(one.by)) this.#ledger.leave(one.by, `line ${by.line} sets the time-outs anew`);
    return undefined;
  }
}

/** By dr and tun a real server has the port of its service, whatever the command says. */
function isSame({ protocol, port }: ImportedService, a: ImportedServer, b: ImportedServer): boolean {
  const portOf = (one: ImportedServer) => (protocol === 'mark' || one.forwarding.value === 'nat' ? one.port : port);
  return a.address === b.address && portOf(a) === portOf(b);
}

function nameOf(options: ReadonlyMap<string, Statement>): Named | Wrong {
  const names = ['t', 'u', 'sctp-service', 'f'].filter((one) => options.has(one));
  const [name] = names;
  if (!name || names.length > 1)
    return new Wrong(`ipvsadm refuses it: ${name ? 'it names more than one service' : 'it names no service'}`);
  const value = options.get(name)?.word(1) ?? '';
  if (name === 'f') {
    const mark = wholeNumber(value, 1, 2 ** 32 - 1);
    if (mark instanceof Wrong) return new Wrong(`ipvsadm refuses it: ${JSON.stringify(value)} is not a mark`);
    const ipv6 = options.has('6');
    return { key: `mark ${mark} ${ipv6}`, protocol: 'mark', vip: '', port: mark, ipv6 };
  }
  const place = addressOf(value);
  if (place instanceof Wrong) return place;
  const protocol = protocols[name] ?? 'tcp';
  const port = place.port ?? 0;
  return {
    key: `${protocol} ${place.address} ${port}`,
    protocol,
    vip: place.address,
    port,
    ipv6: familyOf(place.address) === 6,
  };
}

function serviceFrom(by: Statement, options: ReadonlyMap<string, Statement>, name: Named): ImportedService | Wrong {
  const { key: _, ...what } = name;
  const text = (option: string) => options.get(option)?.word(1);
  const persistent = options.get('p');
  const seconds = persistent ? wholeNumber(text('p') ?? '300', 1, longestTimeout) : 0;
  if (seconds instanceof Wrong) return new Wrong(`ipvsadm refuses it: persistence is ${seconds.why}`);
  if (name.protocol !== 'mark' && name.port === 0 && !persistent)
    return new Wrong('ipvsadm refuses it: “Zero port specified for non-persistent service”');
  if (options.has('o') && name.protocol !== 'mark' && name.protocol !== 'udp')
    return new Wrong('ipvsadm refuses it: “One-Packet Scheduling is only for UDP virtual services”');
  const flags = (text('b') ?? '').split(',').filter(Boolean);
  return {
    ...what,
    by,
    also: ['t', 'u', 'sctp-service', 'f', '6'].flatMap((one) => options.get(one) ?? []),
    scheduler: { value: text('s') ?? 'wlc', by: options.get('s') },
    flags: flags.map((value) => ({ value, by: options.get('b') })),
    persistence: { value: seconds, by: persistent },
    granularity: { value: text('M') ?? '', by: options.get('M') },
    ops: { value: options.has('o'), by: options.get('o') },
    servers: [],
  };
}

function serverFrom(
  by: Statement,
  options: ReadonlyMap<string, Statement>,
  service: ImportedService,
): ImportedServer | Wrong {
  const place = addressOf(options.get('r')?.word(1) ?? '');
  if (place instanceof Wrong) return place;
  const methods = ['m', 'g', 'i'].filter((one) => options.has(one));
  const [method = 'g'] = methods;
  if (methods.length > 1) return new Wrong('ipvsadm refuses it: it names more than one forwarding method');
  const number = (option: string, most: number, otherwise: number) => {
    const said = options.get(option);
    const value = said ? wholeNumber(said.word(1), 0, most) : otherwise;
    return { value, by: said };
  };
  const weight = number('w', weightRange.most, 1);
  const [upper, lower] = [number('x', 2 ** 31 - 1, 0), number('y', 2 ** 31 - 1, 0)];
  const tunnelPort = number('tun-port', 65_535, 0);
  for (const { value } of [weight, upper, lower, tunnelPort])
    if (value instanceof Wrong) return new Wrong(`ipvsadm refuses it: ${value.why}`);
  const type = options.get('tun-type')?.word(1) ?? 'ipip';
  const tunnel = tunnels.find((one) => one === type);
  if (!tunnel) return new Wrong(`ipvsadm refuses it: there is no tunnel ${JSON.stringify(type)}`);
  const mode = forwarding[method] ?? 'dr';
  return {
    by,
    address: place.address,
    // By mark nothing is known of ports. By dr and tun ipvsadm sets the port of the service.
    port: place.port ?? (service.protocol === 'mark' ? 0 : service.port),
    forwarding: { value: mode, by: options.get(method) },
    weight: weight as Said<number>,
    upper: upper as Said<number>,
    lower: lower as Said<number>,
    tunnel: { value: tunnel, by: options.get('tun-type') },
    tunnelPort: tunnelPort as Said<number>,
    checks: [],
    quiescent: { value: false },
    also: ['r', 'tun-nocsum', 't', 'u', 'sctp-service', 'f', '6'].flatMap((one) => options.get(one) ?? []),
  };
}

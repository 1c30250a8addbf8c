import { LineError } from '../errors.ts';
import { isAddress, joinAddress } from '../model/addresses.ts';
import { portRange } from '../model/limits.ts';
import { brief } from '../model/reading/misfit.ts';
import { type Mode, modes } from '../model/words.ts';
import { methodFlags } from './methods.ts';
import { type IpvsService, parseTable } from './parse.ts';

/** The complete table of a director as a document. */

export interface TableServer {
  /** IPv6 without brackets. */
  address: string;
  port: number;
  forwarding: Mode;
  weight: number;
  /** Thresholds; 0 means no threshold. */
  upper: number;
  lower: number;
  /** Options of a tunnel as ipvsadm writes them: `--tun-type gue --tun-port 6080`. */
  tunnel: string;
}

export interface TableService {
  /** The service as ipvsadm names it: `-t 192.168.1.3:80`, `-u [fd00::3]:53`, `--sctp-service …`, `-f 7`, `-f 8 -6`. */
  name: string;
  scheduler: string;
  /** Everything else as ipvsadm-save writes it: `-p 300 -M 255.255.255.0 -o -b sh-port --pe sip`. */
  options: string;
  /** In the order in which they are to be added: the kernel's is the reverse. */
  servers: TableServer[];
}

/** ipvsadm's options for a service, by its name in /proc/net/ip_vs and ipvsadm -L. */
const serviceFlags: Record<string, string> = { TCP: '-t', UDP: '-u', SCTP: '--sctp-service', FWM: '-f' };

const servicePattern = /^-A (-f \d+(?: -6)?|(?:-t|-u|--sctp-service) \S+)(?: -s (\w+))?((?: \S+)*)$/;
const serverPattern =
  /^-a (-f \d+(?: -6)?|(?:-t|-u|--sctp-service) \S+) -r (\S+)(?: (-[mgi]))?(?: -w (\d+))?(?: -x (\d+))?(?: -y (\d+))?((?: --tun-\S+(?: [^-\s]\S*)?)*)$/;

/**
 * Reads the output of ipvsadm-save, with or without thresholds. Empty lines and # comments are ignored.
 * @throws LineError for the first line that is neither -A nor -a
 */
export function parseRules(text: string): TableService[] {
  const services = new Map<string, TableService>();
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim().replace(/\s+/g, ' ');
    if (line === '' || line.startsWith('#')) continue;
    const service = servicePattern.exec(line);
    if (service) {
      const [, name = '', scheduler = 'wlc', options = ''] = service;
      const target = /^(?:-t|-u|--sctp-service) (.*)/.exec(name)?.[1];
      if (target !== undefined) splitAddress(target, index + 1);
      if (services.has(name)) throw new LineError(index + 1, `service ${name} appears twice`);
      services.set(name, { name, scheduler, options: options.trim(), servers: [] });
      continue;
    }
    const found = serverPattern.exec(line);
    if (!found) throw new LineError(index + 1, `${brief(line)} is not a line of ipvsadm-save`);
    const [, name = '', target = '', flag = '-g', weight = '1', upper = '0', lower = '0', tunnel = ''] = found;
    const owner = services.get(name);
    if (!owner)
      throw new LineError(index + 1, `this real server is for ${name}, but no -A line above adds that service`);
    const { address, port } = splitAddress(target, index + 1);
    owner.servers.push({
      address,
      port,
      forwarding: modes.find((mode) => methodFlags[mode] === flag) ?? 'dr',
      weight: Number(weight),
      upper: Number(upper),
      lower: Number(lower),
      tunnel: tunnel.trim(),
    });
  }
  return [...services.values()];
}

/** The table as lines for `ipvsadm --restore`, including thresholds, which ipvsadm-save leaves out. */
export function formatRules(services: readonly TableService[]): string {
  return services
    .flatMap(({ name, scheduler, options, servers }) => [
      [`-A ${name} -s ${scheduler}`, options].filter(Boolean).join(' '),
      ...servers.map(({ address, port, forwarding, weight, upper, lower, tunnel }) =>
        [
          `-a ${name} -r ${joinAddress(address, port)} ${methodFlags[forwarding]} -w ${weight}`,
          ...(upper > 0 ? [`-x ${upper}`] : []),
          ...(lower > 0 ? [`-y ${lower}`] : []),
          ...(tunnel ? [tunnel] : []),
        ].join(' '),
      ),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

/**
 * The output of ipvsadm-save lacks two things: thresholds, and the kernel's order of real servers, which schedulers use
 * (ipvsadm-save sorts by address). This adds both.
 * @param thresholds what `ipvsadm -Ln --thresholds` prints
 * @param proc /proc/net/ip_vs
 */
export function completeTable(saved: string, thresholds: string, proc: string): TableService[] {
  const bounds = parseThresholds(thresholds);
  const kernel = parseTable(proc);
  return parseRules(saved).map((service) => {
    const order = kernel.find((one) => nameOf(one) === service.name)?.destinations ?? [];
    const place = ({ address, port }: TableServer) =>
      order.findIndex((one) => one.address === address && one.port === port);
    const servers = service.servers.map((server) => ({
      ...server,
      ...bounds.get(`${service.name} ${joinAddress(server.address, server.port)}`),
    }));
    return { ...service, servers: servers.sort((a, b) => place(b) - place(a)) };
  });
}

/** A service of /proc/net/ip_vs by ipvsadm's name of it. A mark has no family there; it is the family of its servers. */
export function nameOf({ protocol, vip, port, mark, ipv6 }: IpvsService): string {
  if (mark !== undefined) return `-f ${mark}${ipv6 ? ' -6' : ''}`;
  return `${serviceFlags[protocol]} ${joinAddress(vip, port)}`;
}

/** Lines of `ipvsadm -Ln --thresholds`, by service and real server. */
export function parseThresholds(text: string): Map<string, { upper: number; lower: number }> {
  const bounds = new Map<string, { upper: number; lower: number }>();
  let service = '';
  for (const line of text.split('\n')) {
    const head = /^(TCP|UDP|SCTP|FWM) +(\S+)( IPv6)? /.exec(line);
    if (head) {
      const [, protocol = '', target = '', ipv6] = head;
      service = `${serviceFlags[protocol]} ${target}${ipv6 ? ' -6' : ''}`;
      continue;
    }
    const [, server, upper, lower] = /^ +-> (\S+) +(\d+) +(\d+) /.exec(line) ?? [];
    if (server) bounds.set(`${service} ${server}`, { upper: Number(upper), lower: Number(lower) });
  }
  return bounds;
}

function splitAddress(text: string, line: number): { address: string; port: number } {
  const [, six, four, port] = /^(?:\[([0-9a-fA-F:.]+)\]|(\d+\.\d+\.\d+\.\d+))(?::(\d+))?$/.exec(text) ?? [];
  const address = six ?? four;
  if (!address || !isAddress(address) || Number(port ?? 0) > portRange.most) {
    const named = /^[a-z][\w.-]*(:\w+)?$|:[a-z]/i.test(text) ? '; ipvsadm-save -n writes numbers instead of names' : '';
    throw new LineError(line, `${JSON.stringify(text)} is not an address with a port${named}`);
  }
  return { address, port: Number(port ?? 0) };
}

import { parseRules, type TableServer, type TableService } from '../ipvs/table.ts';
import { familyOf } from '../model/addresses.ts';
import { tunnels } from '../model/words.ts';
import type { Imported, ImportedServer, ImportedService } from './imported.ts';

/** The virtual services in the output of ipvsadm-save. @throws LineError with the line of the mistake */
export function importRules(text: string): Imported {
  return { services: parseRules(text).map(serviceOf), notCarriedOver: [] };
}

function serviceOf({ name, scheduler, options, servers }: TableService): ImportedService {
  const [flag = '', target = '', family] = name.split(' ');
  const protocol = ({ '-t': 'tcp', '-u': 'udp', '--sctp-service': 'sctp', '-f': 'mark' } as const)[flag] ?? 'tcp';
  const marked = protocol === 'mark';
  const [, six, four, port] = /^(?:\[(.*)\]|([\d.]+))(?::(\d+))?$/.exec(target) ?? [];
  const vip = marked ? '' : (six ?? four ?? target);
  const option = (pattern: RegExp) => pattern.exec(options)?.[1] ?? '';
  const rest = options.replace(/(?<= |^)(-p( \d+)?|-M \S+|-b \S+|-o)(?= |$)/g, '').trim();
  return {
    title: marked ? `mark ${target}` : `${protocol.toUpperCase()} ${target}`,
    protocol,
    vip,
    port: Number(marked ? target : (port ?? 0)),
    ipv6: marked ? family === '-6' : familyOf(vip) === 6,
    scheduler,
    flags: option(/-b (\S+)/)
      .split(',')
      .filter(Boolean),
    persistence: /(^| )-p/.test(options) ? Number(option(/-p (\d+)/) || 300) : 0,
    granularity: option(/-M (\S+)/),
    ops: /(^| )-o( |$)/.test(options),
    servers: servers.map(serverOf),
    notCarriedOver: [
      ...(rest ? [`its options ${rest}`] : []),
      ...servers.flatMap(({ tunnel, address }) => {
        const lost = tunnel.replace(/--tun-(type|port) \S+|--tun-nocsum/g, '').trim();
        return lost ? [`${lost} of ${address}`] : [];
      }),
    ],
  };
}

function serverOf({ tunnel, ...server }: TableServer): ImportedServer {
  const type = /--tun-type (\w+)/.exec(tunnel)?.[1];
  const port = /--tun-port (\d+)/.exec(tunnel)?.[1];
  return { ...server, tunnel: tunnels.find((one) => one === type) ?? 'ipip', tunnelPort: Number(port ?? 0) };
}

import { parseRules } from '../ipvs/table.ts';
import type { Imported, ImportedService } from './imported.ts';

/** What ipvsadm-save has written. @throws LineError naming the line */
export function importRules(text: string): Imported {
  return { services: parseRules(text).map(serviceOf), left: [] };
}

function serviceOf({ name, scheduler, options, servers }: ReturnType<typeof parseRules>[number]): ImportedService {
  const [flag = '', target = ''] = name.split(' ');
  const protocol = ({ '-t': 'tcp', '-u': 'udp', '--sctp-service': 'sctp', '-f': 'mark' } as const)[flag] ?? 'tcp';
  const [, six, four, port] = /^(?:\[(.*)\]|([\d.]+))(?::(\d+))?$/.exec(target) ?? [];
  const option = (pattern: RegExp) => pattern.exec(options)?.[1] ?? '';
  const rest = options.replace(/(?<= |^)(-p( \d+)?|-M \S+|-b \S+)(?= |$)/g, '').trim();
  return {
    title: protocol === 'mark' ? `mark ${target}` : `${protocol.toUpperCase()} ${target}`,
    protocol,
    vip: protocol === 'mark' ? '' : (six ?? four ?? target),
    port: Number(port ?? 0),
    scheduler,
    flags: option(/-b (\S+)/)
      .split(',')
      .filter(Boolean),
    persistence: /(^| )-p/.test(options) ? Number(option(/-p (\d+)/) || 300) : 0,
    granularity: option(/-M (\S+)/),
    servers: servers.map(({ tunnel: _, ...server }) => server),
    left: [
      ...(rest ? [`its options ${rest}`] : []),
      ...servers.flatMap(({ tunnel, address }) =>
        tunnel && tunnel !== '--tun-type ipip' ? [`${tunnel} of ${address}: its tunnel becomes IP in IP`] : [],
      ),
    ],
  };
}

import { isAddress } from '../../model/addresses.ts';
import type { Devices } from '../devices.ts';
import { merged } from '../merged.ts';
import type { Source } from '../source.ts';
import type { StateEntry } from '../state.ts';

/** What ip prints in a batch: routes, rules, neighbours, nexthops, address labels, ports of FOU, policies of IPsec. */
export const routing: Source = {
  name: 'routing',
  parse: (text, { devices }) => {
    const [first = '', ...namespaces] = text.split(/^@@netns /m);
    const [printed = '', rules6 = ''] = first.split(/^@@rules6$/m);
    const batch = printed.split(/^@@again$/m).at(-1) ?? '';
    return [
      ...merged(linesOf(batch).flatMap((line) => factIn(line, devices))),
      ...linesOf(rules6).flatMap((line) => ruleIn(line, devices, '-6 ')),
      ...namespaces.map((one): StateEntry => {
        const [name = '', ...inside] = one.trim().split('\n');
        const found = inside.map((line) => line.split(/[@\s]/)[0] ?? '').filter((device) => device !== 'lo');
        return { section: 'netns', key: name, value: found.sort().join(' ') };
      }),
    ];
  },
};

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** The first word, or the last one, tells what a line is. */
function factIn(line: string, devices: Devices): StateEntry[] {
  if (/^\d+:\t/.test(line)) return ruleIn(line, devices, '');
  const text = devices.inRoles(line.replaceAll('\\', ' ').replace(/\s+/g, ' ').trim());
  if (text.startsWith('prefix ')) return [{ section: 'label', key: text, value: '' }];
  if (text.startsWith('id ')) return [{ section: 'nexthop', key: text, value: '' }];
  if (text.startsWith('port ')) return [{ section: 'fou', key: text, value: '' }];
  if (text.startsWith('src ')) return [{ section: 'xfrm', key: text, value: '' }];
  if (/ (PERMANENT|NOARP|proxy)$/.test(text)) return neighbourIn(text);
  return routeIn(text);
}

/** `32765:	from all fwmark 0x1 lookup 100` */
function ruleIn(line: string, devices: Devices, family: string): StateEntry[] {
  const [, priority, rest = ''] = /^(\d+):\t(.*)$/.exec(line.replace(/\s*\[detached\]/g, '').trim()) ?? [];
  if (priority === undefined) return [];
  return [{ section: 'rule', key: `${family}priority ${priority} ${devices.inRoles(rest.trim())}`, value: '' }];
}

/** `192.168.1.3 dev front lladdr 52:54:00:01:0d:01 PERMANENT`. The kernel has NOARP entries for multicast and lo. */
function neighbourIn(text: string): StateEntry[] {
  const [, address = '', device = '', rest = '', kind = ''] =
    /^(\S+) dev (\S+) (.*?)(PERMANENT|NOARP|proxy)$/.exec(text) ?? [];
  const own = kind === 'NOARP' && (/^(ff|22[4-9]|23\d|255)/i.test(address) || device === 'lo');
  if (!isAddress(address) || own) return [];
  const start = text.endsWith(' proxy') ? 'proxy ' : '';
  return [
    {
      section: 'neighbour',
      key: `${start}${address} dev ${device}`,
      value: `${rest}${start ? '' : kind.toLowerCase()}`.trim(),
    },
  ];
}

const types = /^(unicast|local|broadcast|multicast|anycast|throw|unreachable|prohibit|blackhole|nat) /;

/**
 * The kernel knows a route by its destination, table, metric and TOS; in the table `local`, and by IPv6, also by its device.
 * Everything else is the value. What changes by itself is left out.
 */
function routeIn(line: string): StateEntry[] {
  const text = line.replace(/ (linkdown|dead|offload|trap|rt_offload|error -?\d+|expires \S+|hoplimit \d+ (?=$))/g, '');
  const type = types.exec(text)?.[1];
  const [destination = '', ...rest] = (type ? text.slice(type.length + 1) : text).split(' ');
  const ipv6 = destination.includes(':') || / pref (low|medium|high)\b/.test(text);
  if (type === 'anycast' || !/^(default|[0-9a-f.:]+(\/\d+)?)$/.test(destination)) return [];
  const take = (word: string) => {
    const at = rest.indexOf(word);
    return at < 0 ? undefined : rest.splice(at, 2).join(' ');
  };
  const table = take('table');
  const known = [take('tos'), table, take('metric')];
  if (ipv6 || table === 'table local') known.unshift(take('dev'));
  const to = ipv6 && destination === 'default' ? '::/0' : destination;
  const key = [to, ...known.filter((one) => one !== undefined)].join(' ');
  return [{ section: 'route', key, value: [type ?? '', ...rest].filter(Boolean).join(' ') }];
}

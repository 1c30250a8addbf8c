import { sh } from '../../render/shell-line.ts';
import type { Section } from '../section.ts';

export const ipvs: Section = {
  name: 'ipvs',
  meaning({ key, before, after }) {
    if (key === 'timeouts')
      return 'for how many seconds IPVS keeps an idle TCP connection, a closed one, and a UDP connection';
    if (key.startsWith('daemon '))
      return 'with its sync daemons a director sends its connections to another director, or receives them';
    if (key.includes(' -r ')) {
      if (after === undefined) return 'the real server gets no more requests of this service';
      return before === undefined ? 'an additional real server of the service' : serverMeaning(before, after);
    }
    if (after === undefined) return 'IPVS no longer forwards the requests of this service';
    return before === undefined
      ? 'another service'
      : 'which real server gets a request, and which options the service has';
  },
  undo({ key, before, after }, states) {
    if (key === 'timeouts') return before && sh`ipvsadm --set ${before}`;
    const [, state] = /^daemon (\w+)$/.exec(key) ?? [];
    if (state) return undoDaemon(state, before, after);
    const [service = '', server] = key.split(' -r ');
    const letter = server === undefined ? ['-A', '-E', '-D'] : ['-a', '-e', '-d'];
    const [add = '', edit = '', remove = ''] = letter;
    // A service takes its real servers with it.
    if (
      server !== undefined &&
      states.after.of('ipvs', service) !== undefined &&
      states.before.of('ipvs', service) === undefined
    )
      return undefined;
    if (before === undefined) return sh`ipvsadm ${remove} ${server === undefined ? service : key}`;
    return sh`ipvsadm ${after === undefined ? add : edit} ${key} ${before}`;
  },
};

function serverMeaning(before: string, after: string): string {
  const method = (text: string) => /^-[gmi]/.exec(text)?.[0];
  const weight = (text: string) => /-w (\d+)/.exec(text)?.[1];
  if (method(before) !== method(after)) return 'how requests reach the real server: it must be set up for that method';
  if (weight(after) === '0') return 'with weight 0 the real server gets no new connections';
  if (weight(before) !== weight(after)) return 'how many of the requests the real server gets';
  if (/-[xy] /.test(after)) return 'from how many connections on the real server gets no more';
  return 'how packets reach the real server';
}

/** `mcast=eth0, syncid=1, maxlen=1472, group=224.0.0.81, port=8848, ttl=1` */
function undoDaemon(state: string, before: string | undefined, after: string | undefined): string {
  const stop = sh`ipvsadm --stop-daemon ${state}`;
  if (before === undefined) return stop;
  const value = (name: string) => new RegExp(`${name}=([^,\\s]+)`).exec(before)?.[1];
  const options: [name: string, option: string][] = [
    ['mcast', 'mcast-interface'],
    ['syncid', 'syncid'],
    ['maxlen', 'sync-maxlen'],
    ['group', 'mcast-group'],
    ['port', 'mcast-port'],
    ['ttl', 'mcast-ttl'],
  ];
  const words = options.flatMap(([name, option]) => (value(name) ? [`--${option} ${value(name)}`] : []));
  const start = sh`ipvsadm --start-daemon ${state} ${words.join(' ')}`;
  return after === undefined ? start : `${stop}; ${start}`;
}

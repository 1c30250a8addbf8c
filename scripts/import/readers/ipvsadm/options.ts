import { Wrong } from '../../wrong.ts';

/** An option of ipvsadm(8): its short name, or its long one if it has no short one. */
export interface Option {
  name: string;
  value: string | undefined;
  /** As it was written. */
  words: string[];
}

type Takes = 'nothing' | 'a value' | 'maybe a value' | 'three values';

/** Long names, short names, and whether a value follows. */
const table: readonly [long: string, short: string, takes: Takes][] = [
  ['add-service', 'A', 'nothing'],
  ['edit-service', 'E', 'nothing'],
  ['delete-service', 'D', 'nothing'],
  ['clear', 'C', 'nothing'],
  ['restore', 'R', 'nothing'],
  ['save', 'S', 'nothing'],
  ['add-server', 'a', 'nothing'],
  ['edit-server', 'e', 'nothing'],
  ['delete-server', 'd', 'nothing'],
  ['list', 'L', 'nothing'],
  ['list', 'l', 'nothing'],
  ['zero', 'Z', 'nothing'],
  ['help', 'h', 'nothing'],
  ['version', 'v', 'nothing'],
  ['set', '', 'three values'],
  ['start-daemon', '', 'a value'],
  ['stop-daemon', '', 'a value'],
  ['tcp-service', 't', 'a value'],
  ['udp-service', 'u', 'a value'],
  ['sctp-service', '', 'a value'],
  ['fwmark-service', 'f', 'a value'],
  ['ipv6', '6', 'nothing'],
  ['scheduler', 's', 'a value'],
  ['sched-flags', 'b', 'a value'],
  ['persistent', 'p', 'maybe a value'],
  ['netmask', 'M', 'a value'],
  ['pe', '', 'a value'],
  ['ops', 'o', 'nothing'],
  ['real-server', 'r', 'a value'],
  ['masquerading', 'm', 'nothing'],
  ['ipip', 'i', 'nothing'],
  ['gatewaying', 'g', 'nothing'],
  ['weight', 'w', 'a value'],
  ['u-threshold', 'x', 'a value'],
  ['l-threshold', 'y', 'a value'],
  ['tun-type', '', 'a value'],
  ['tun-port', '', 'a value'],
  ['tun-nocsum', '', 'nothing'],
  ['tun-csum', '', 'nothing'],
  ['tun-remcsum', '', 'nothing'],
  ['numeric', 'n', 'nothing'],
  ['connection', 'c', 'nothing'],
  ['exact', 'X', 'nothing'],
  ['mcast-interface', '', 'a value'],
  ['mcast-group', '', 'a value'],
  ['mcast-port', '', 'a value'],
  ['mcast-ttl', '', 'a value'],
  ['sync-maxlen', '', 'a value'],
  ['syncid', '', 'a value'],
  ['timeout', '', 'nothing'],
  ['daemon', '', 'nothing'],
  ['stats', '', 'nothing'],
  ['rate', '', 'nothing'],
  ['thresholds', '', 'nothing'],
  ['persistent-conn', '', 'nothing'],
  ['nosort', '', 'nothing'],
  ['sort', '', 'nothing'],
  ['tun-info', '', 'nothing'],
];

/** The options of one command, in their order: short or long, joined or apart, with = or a blank before their value. */
export function optionsOf(words: readonly string[]): Option[] | Wrong {
  const options: Option[] = [];
  let at = 0;
  while (at < words.length) {
    const word = words[at++] ?? '';
    if (word.startsWith('--') || !/^-./.test(word)) {
      const [name = '', value] = splitAt(word.slice(2), '=');
      const known = word.startsWith('--') ? table.find(([long]) => long === name) : undefined;
      if (!known) return new Wrong(`ipvsadm does not know ${JSON.stringify(word)}`);
      const [long, short, takes] = known;
      const more = value === undefined ? following(words, at, takes) : [];
      at += more.length;
      options.push({
        name: short || long,
        value: value ?? (more.join(' ') || undefined),
        words: value === undefined ? [word, ...more] : [`--${name}`, value],
      });
      continue;
    }
    for (let place = 1; place < word.length; place++) {
      const letter = word[place] ?? '';
      const known = table.find(([, short]) => short === letter);
      if (!known) return new Wrong(`ipvsadm does not know the option -${letter}`);
      const [, , takes] = known;
      const rest = word.slice(place + 1).replace(/^=/, '');
      if (takes !== 'nothing' && rest) {
        options.push({ name: letter, value: rest, words: [`-${letter}`, rest] });
        break;
      }
      const more = following(words, at, takes);
      at += more.length;
      options.push({ name: letter, value: more.join(' ') || undefined, words: [`-${letter}`, ...more] });
    }
  }
  const missing = options.find(({ name, value }) => {
    return (
      value === undefined &&
      table.some(([long, short, takes]) => (short || long) === name && /^(a|three) value/.test(takes))
    );
  });
  return missing ? new Wrong(`a value is missing after ${missing.words[0]}`) : options;
}

/** The words after an option that are its value. Words that begin with - are options, but for a value that must be. */
function following(words: readonly string[], at: number, takes: Takes): string[] {
  if (takes === 'nothing') return [];
  if (takes === 'three values') return words.slice(at, at + 3);
  const next = words[at];
  return next === undefined || (takes === 'maybe a value' && next.startsWith('-')) ? [] : [next];
}

function splitAt(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

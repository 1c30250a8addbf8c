import type { Option } from './options.ts';

/** Options that a command takes beside those that name its service (commands_v_options in ipvsadm.c). */
const naming = ['t', 'u', 'sctp-service', 'f', '6'];
const service = [...naming, 's', 'b', 'p', 'M', 'pe', 'o'];
const server = [
  ...naming,
  'r',
  'm',
  'g',
  'i',
  'w',
  'x',
  'y',
  'tun-type',
  'tun-port',
  'tun-nocsum',
  'tun-csum',
  'tun-remcsum',
];

const takes: Readonly<Record<string, readonly string[]>> = {
  A: service,
  E: service,
  D: naming,
  a: server,
  e: server,
  d: [...naming, 'r'],
  C: [],
  set: [],
};

const prints = 'it only prints';

/** Commands that change nothing of a table, and what becomes of them. */
const others: readonly [command: RegExp, why: string][] = [
  [/^[LlSZhv]$/, prints],
  [/^R$/, 'it reads rules from elsewhere; import those too'],
  [/^(start|stop)-daemon$/, 'the directors of a lab choose interface and id of their sync daemons themselves'],
];

/** Why a lab lacks an option of a command that it has. */
const lacking: Readonly<Record<string, string>> = {
  'tun-csum': 'the tunnels of a lab have no checksums',
  'tun-remcsum': 'the tunnels of a lab have no checksums',
  pe: 'a lab has no persistence engine',
};

export function reasonForOption(name: string): string {
  return lacking[name] ?? 'its command is left';
}

/** Why a command makes nothing that a lab has, whatever the table is; undefined for one that may. */
export function objectionTo(options: readonly Option[]): string | undefined {
  const [first, ...rest] = options;
  if (!first) return prints;
  const { name } = first;
  const other = others.find(([command]) => command.test(name));
  if (other) return other[1];
  const known = takes[name];
  if (!known) return `ipvsadm refuses it: it wants a command first, such as -A, not ${first.words[0]}`;
  const twice = rest.find((one, at) => rest.findIndex(({ name: same }) => same === one.name) < at);
  if (twice) return `ipvsadm refuses it: ${twice.words[0]} is there twice`;
  const strange = rest.find((one) => !known.includes(one.name));
  return strange && `ipvsadm refuses it: ${strange.words[0]} is no option of ${first.words[0]}`;
}

import type { Devices } from '../devices.ts';
import type { Source } from '../source.ts';
import type { StateEntry } from '../state.ts';

/** Queues that somebody has made, and filters and classes of each device. */
export const traffic: Source = {
  name: 'traffic',
  parse: (text, { devices }) => {
    const [qdiscs = '', ...parts] = text.split(/^@@(?=class|filter)/m);
    return [
      ...qdiscs.split('\n').flatMap((line) => qdisc(line, devices)),
      ...parts.flatMap((part) => {
        const [head = '', ...lines] = part.trimEnd().split('\n');
        const [section = '', device = '', place = ''] = head.split(' ');
        if (lines.length === 0) return [];
        const value = lines.map((line) => plain(line)).join('\n');
        return [{ section, key: `${devices.role(device)} ${place}`, value }];
      }),
    ];
  },
};

/** The kernel gives numbers from here on to those that have none of their own. */
const firstGiven = 0x8000;

/** `qdisc netem 8001: dev eth0 root refcnt 2 limit 1000 delay 1.5s seed 42` */
function qdisc(line: string, devices: Devices): StateEntry[] {
  const [, kind = '', handle = '', device = '', place = '', rest = ''] =
    /^qdisc (\S+) ([0-9a-f]+): dev (\S+) (root|ingress|parent \S+)(.*)$/.exec(line) ?? [];
  // The kernel itself gives a device the queue 0.
  if (kind === '' || handle === '0') return [];
  const own = Number.parseInt(handle, 16) >= firstGiven && !['ingress', 'clsact'].includes(kind) ? '' : ` ${handle}:`;
  return [{ section: 'qdisc', key: `${devices.role(device)} ${place}`, value: `${kind}${own}${plain(rest)}`.trim() }];
}

/** Without counters and random numbers. */
function plain(text: string): string {
  return text.replace(/ (refcnt|seed|used|installed|expires|rule hit|success) \S+( sec)?/g, '').replace(/\s+$/, '');
}

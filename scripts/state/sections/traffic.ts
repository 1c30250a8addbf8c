import { sh } from '../../render/shell-line.ts';
import type { Section, States } from '../section.ts';

/** What tc's netem and the like do, by what they print. */
const effects: [pattern: RegExp, does: string][] = [
  [/\bloss\b/, 'loses packets'],
  [/\bdelay\b/, 'delays packets'],
  [/\bduplicate\b/, 'sends packets twice'],
  [/\bcorrupt\b/, 'damages packets'],
  [/\breorder\b|\bgap\b/, 'changes the order of packets'],
  [/\brate\b/, 'sends no more than its rate'],
];

export const qdisc: Section = {
  name: 'qdisc',
  meaning({ after = '' }) {
    const does = effects.filter(([pattern]) => pattern.test(after)).map(([, what]) => what);
    if (does.length > 0) return `the device sends through a queueing discipline that ${does.join(', ')}`;
    return after === ''
      ? 'a queueing discipline of the device is gone'
      : 'how packets wait to be sent by the device, or where filters are';
  },
  undo({ key, before, after }, states) {
    const { dev, place } = placeOf(key, states);
    const remove = sh`tc qdisc delete ${dev} ${place}`;
    // 0 is the handle of the queue that a device gets by itself.
    if (before === undefined || (/^\S+ 0:/.test(before) && after !== undefined)) return remove;
    // tc prints packets as 10p, and does not accept that as an argument.
    const [, kind = '', handle, options = ''] =
      /^(\S+)(?: ([0-9a-f]+:))?(.*)$/.exec(before.replace(/\b(limit \d+)p\b/g, '$1')) ?? [];
    const known = handle && handle !== '0:' ? ` handle ${handle}` : '';
    return sh`tc qdisc replace ${dev} ${place}${known} ${kind}${kind === 'pfifo_fast' ? '' : options}`;
  },
};

export const filter: Section = {
  name: 'filter',
  meaning: () => 'a filter of tc may drop, change or redirect packets',
  undo({ key, before }, states) {
    const { dev, place } = placeOf(key, states);
    const withQdisc = states.differences.some(
      (one) => one.section === 'qdisc' && one.key.split(' ')[0] === key.split(' ')[0],
    );
    return before === undefined && !withQdisc ? sh`tc filter delete ${dev} ${place}` : undefined;
  },
};

export const trafficClass: Section = {
  name: 'class',
  meaning: () => 'how much of the device’s bandwidth some packets get',
  undo: () => undefined,
};

function placeOf(key: string, states: States) {
  const [role = '', ...place] = key.split(' ');
  return { dev: `dev ${states.device(role)}`, place: place.join(' ') };
}

export const offload: Section = {
  name: 'offload',
  meaning: () => 'work that the NIC does for the kernel; if the NIC does it wrong, packets are lost',
  undo({ key, before }, states) {
    const [role = '', feature = ''] = key.split(' ');
    return before && sh`ethtool -K ${states.device(role)} ${feature} ${before}`;
  },
};

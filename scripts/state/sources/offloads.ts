import type { Source } from '../source.ts';

/** Features of NICs that can be switched, where there is ethtool. */
export const offloads: Source = {
  name: 'offloads',
  parse: (text, { devices }) =>
    text.split(/^@@offload /m).flatMap((part) => {
      const [device = '', ...lines] = part.split('\n');
      return lines.flatMap((line, at) => {
        // A line above others that are further right sums those up.
        const [, indent = '', feature, value = ''] = /^(\t*)([\w-]+): (on|off)( \[requested \w+\])?$/.exec(line) ?? [];
        if (!feature || lines[at + 1]?.startsWith(`${indent}\t`)) return [];
        return [{ section: 'offload', key: `${devices.role(device)} ${feature}`, value }];
      });
    }),
};

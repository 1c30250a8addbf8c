import test from 'ava';
import { parseKernelVersion, traitsOf } from '../../scripts/ipvs/kernel.ts';
import { simulate } from '../../scripts/ipvs/oracle/simulate.ts';
import type { Scheduler } from '../../scripts/model/words.ts';

const lines: [text: string, version: string | undefined][] = [
  [
    'Linux version 6.1.0-53-cloud-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC Debian 6.1.187-1 (2026-09-02)',
    '6.1.187',
  ],
  [
    'Linux version 6.12.118+deb13-cloud-amd64 (debian-kernel@lists.debian.org) (x86_64-linux-gnu-gcc-14 (Debian 14.2.0-19) 14.2.0, GNU ld (GNU Binutils for Debian) 2.44) #1 SMP PREEMPT_DYNAMIC Debian 6.12.118-1 (2026-11-20)',
    '6.12.118',
  ],
  ['Linux version 7.3.0-rc2+ (me@here) (gcc) #7 SMP', '7.3.0'],
  ['', undefined],
];

for (const [text, version] of lines) {
  test(`/proc/version of ${version ?? 'nothing'}`, (t) => {
    // gcc's Debian version comes first in some.
    t.is(parseKernelVersion(text), version);
  });
}

test('an active connection weighs 257 inactive ones since a version of each series', (t) => {
  const weights = ['6.1.176', '6.1.187', '6.12.100', '6.12.105', '6.18.15', '7.2.6', undefined].map(
    (version) => traitsOf(version).activeWeight,
  );
  t.deepEqual(weights, [256, 257, 256, 257, 256, 257, 257]);
});

for (const scheduler of ['lc', 'wlc', 'lblc', 'lblcr'] as const satisfies Scheduler[]) {
  test(`${scheduler} tells the formulas apart: one active connection against 256 inactive ones`, (t) => {
    const pickOn = (kernel: string) => {
      const common = { port: 80, weight: 1 };
      const servers = [
        { ...common, name: 'idle', address: '192.168.1.4', inactive: 256 },
        { ...common, name: 'busy', address: '192.168.1.5', active: 1 },
      ];
      const request = { client: '192.168.1.100', clientPort: 10_000, held: true };
      return simulate({ vip: '192.168.1.3', scheduler, flags: [], servers, kernel }, [request])[0];
    };
    // A tie, which the first in the kernel's list wins: that is the one added last.
    t.is(pickOn('6.1.176'), 'busy');
    t.is(pickOn('6.1.187'), 'idle');
  });
}

import test from 'ava';
import { type Bisected, bisectText } from '../../scripts/actions/bisect-text.ts';
import type { DebianKernel } from '../../scripts/providers/kernels/debian-kernel.ts';
import { wrapLines } from '../../scripts/report/wrap.ts';

const kernel = (number: number, version: string): DebianKernel => ({
  name: `6.1.0-${number}-cloud-amd64`,
  version,
  debian: `${version}-1`,
  flavour: 'cloud',
  suites: ['bookworm'],
  packages: [],
});
const old = kernel(52, '6.1.180');
const fresh = kernel(53, '6.1.187');
const skipped = kernel(54, '6.1.190');
const text = (bisected: Partial<Bisected>) =>
  wrapLines(
    bisectText(
      { title: 'A bug' },
      {
        kernels: 15,
        tried: [
          { kernel: old, verdict: 'reproduced', why: null },
          { kernel: skipped, verdict: 'the lab broke', why: 'kernel 6.1.0-54-cloud-amd64 did not come up' },
        ],
        good: fresh,
        bad: old,
        skipped: [],
        changes: [{ version: '6.1.187-1', lines: ['ipvs: add totalconns for dest'] }],
        ...bisected,
      },
      (_, words) => words,
    ),
    80,
  );

test('what a search tried, where the bug went, and what the changelog says in between', (t) => {
  const shown = text({});
  t.regex(shown, /1 +6\.1\.180 +6\.1\.0-52-cloud-amd64 +reproduced\n/);
  t.regex(shown, /2 +6\.1\.190 +6\.1\.0-54-cloud-amd64 +skipped: kernel/);
  t.regex(shown, /The bug went after 6\.1\.180: 6\.1\.187 is the first without it\./);
  t.regex(shown, /from 6\.1\.180-1 to 6\.1\.187-1:\n {2}6\.1\.187-1\n {4}ipvs: add totalconns for dest\n/);
});

test('where it came; kernels between the two of which nothing is known; a changelog that says nothing', (t) => {
  const shown = text({ good: old, bad: kernel(55, '6.1.192'), skipped: [skipped], changes: [] });
  t.regex(shown, /The bug came after 6\.1\.180: 6\.1\.192 is the first that has it\./);
  t.regex(shown, /Of 6\.1\.190, which are between them, nothing is known\./);
  t.regex(shown, /Debian’s changelog says nothing of IPVS from 6\.1\.180-1 to 6\.1\.192-1\./);
});

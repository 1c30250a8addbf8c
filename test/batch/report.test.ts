import test from 'ava';
import { batchText, type EndedJob, reasonOf } from '../../scripts/report/batch.ts';
import { widthOf } from '../../scripts/report/wrap.ts';
import { jobOf } from './made.ts';

const ended = (what: string, code: number, more: Partial<EndedJob['job'] & EndedJob['result']> = {}): EndedJob => ({
  job: { ...jobOf(what, more.verb), kernel: more.kernel ?? null, round: more.round ?? 1 },
  result: { code, tries: 1, seconds: 8, host: 'here', document: more.document ?? null, tail: more.tail ?? null },
});

const look = { paint: (_: string, text: string) => text, width: 80 };

test('a row for all rounds of a job, each verdict with its number, and why a lab broke', (t) => {
  const bug = { verb: 'bug', kernel: '6.1' } as const;
  const text = batchText(
    'A matrix',
    [
      ended('udp', 1, { ...bug, round: 1 }),
      ended('dr', 0),
      ended('udp', 0, { ...bug, round: 2 }),
      ended('udp', 125, { ...bug, round: 3, document: { error: { message: 'rs1: sshd does not answer' } } }),
    ],
    61.24,
    look,
  );
  t.is(
    text,
    [
      '',
      '  A matrix',
      '',
      '  bug  udp  6.1               1 reproduced, 1 not reproduced,        of 3  8.0 s',
      '                              1 the lab broke',
      '  run  dr   as its file says  passed                                       8.0 s',
      '',
      '  bug udp: rs1: sshd does not answer',
      '',
      '  4 jobs: 1 reproduced, 1 passed, 1 not reproduced, 1 the lab broke  in 61.2 s',
      '',
    ].join('\n'),
  );
});

test('no line is wider than the screen, however long names are', (t) => {
  const long = 'a-lab-with-a-very-long-name-indeed-of-41-l';
  const rounds = [0, 1, 125].map((code, at) => ended(long, code, { kernel: '6.12.94+deb13-cloud-amd64', round: at }));
  for (const width of [60, 80])
    for (const line of batchText('x'.repeat(50), rounds, 1, { ...look, width }).split('\n'))
      t.true(widthOf(line) <= width, line);
});

test('a part without jobs says so', (t) => {
  t.is(batchText('A matrix', [], 1, look), '\n  A matrix\n\n  no job is in this part\n');
});

test('the reason is what the command said of its failure, else its last line, else its exit code', (t) => {
  const bare = { code: 137, tries: 1, seconds: 1, host: 'here', document: null, tail: null };
  t.is(reasonOf({ ...bare, document: { error: { message: 'no room' } }, tail: 'other' }), 'no room');
  t.is(reasonOf({ ...bare, tail: 'first\nlast' }), 'last');
  t.is(reasonOf(bare), 'exit code 137');
});

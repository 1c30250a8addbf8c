import test from 'ava';
import { isMet, type Trial } from '../../scripts/experiment/trial.ts';
import { conclusion, trialText } from '../../scripts/report/experiment.ts';
import { plainWidth, widthOf } from '../../scripts/report/wrap.ts';

const look = { paint: (_: string, text: string) => text, width: plainWidth };

const trial: Trial = {
  seconds: 3,
  steps: [
    {
      title: 'two requests',
      deed: '2 requests, port 20001',
      seconds: 0.41,
      expectations: [
        {
          purpose: 'see',
          kind: 'answers',
          expected: '2 answers with server rs2',
          seen: '2 answers',
          met: true,
          rows: [],
        },
        {
          purpose: 'see',
          kind: 'packets',
          expected: 'no packet with network front, protocol icmp, type 3, code 4, from director, to client',
          seen: '3 packets: network front, protocol icmp, type 3, code 4, from 192.168.1.2/director (3 times)',
          met: false,
          rows: [],
        },
        { purpose: 'wrong', kind: 'answers', expected: 'one answer', seen: 'no answer', met: false, rows: [] },
      ],
    },
    { title: 'replace rs1', deed: 'replace rs1', seconds: 12, expectations: [] },
  ],
  complaints: [],
  kernels: [],
  consoles: [],
};

test('each step is told with what it did, and each expectation with a mark and what was seen instead', (t) => {
  const text = trialText(trial, look);
  t.deepEqual(text.split('\n'), [
    '  1  two requests 0.4 s',
    '     2 requests, port 20001',
    '     ✔ 2 answers with server rs2',
    '     ✘ no packet with network front, protocol icmp, type 3, code 4, from',
    '       director, to client',
    '       seen: 3 packets: network front, protocol icmp, type 3, code 4, from',
    '             192.168.1.2/director (3 times)',
    '     ✘ bug: one answer',
    '       seen: no answer',
    '  2  replace rs1 12.0 s',
  ]);
  t.deepEqual(
    text.split('\n').filter((line) => widthOf(line) > plainWidth),
    [],
  );
  t.is(conclusion(trial, 4, look.paint), '  NOT MET  1 of 2 expectations  in 4.0 s');
});

test('what a kernel says is quoted, and then nothing is met', (t) => {
  const complaint = {
    node: 'director',
    lines: ['Oops: 0000 [#1] PREEMPT SMP', 'RIP: 0010:ip_vs_conn_expire+0x10/0x20'],
  };
  const seen = { ...trial, steps: [], complaints: [complaint] };
  t.is(
    trialText(seen, look),
    '     ✘ the kernel of director complained\n       | Oops: 0000 [#1] PREEMPT SMP\n       | RIP: 0010:ip_vs_conn_expire+0x10/0x20',
  );
  t.false(isMet(seen));
  t.is(conclusion(seen, 4, look.paint), '  NOT MET  a kernel complained  in 4.0 s');
  t.is(conclusion({ ...trial, steps: [] }, 4, look.paint), '  MET  0 expectations  in 4.0 s');
});

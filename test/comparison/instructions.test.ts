import test from 'ava';
import { instructionFigures, parseCalls, tracingCost } from '../../scripts/comparison/instructions.ts';

/** As Linux 6.12 prints calls, with `funcgraph-tail`. */
const trace = `# tracer: function_graph
#
# CPU  DURATION                  FUNCTION CALLS
# |     |   |                     |   |   |   |
 0)   2.864 us    |  read_null();
 ------------------------------------------
 0)     dd-221     =>     dd-222    
 ------------------------------------------

 0)   2.868 us    |  read_null();
 0)   2.864 us    |  read_null();
 0) + 36.864 us   |  ip_vs_in_hook [ip_vs]();
 0)               |  ip_vs_in_hook [ip_vs]() {
 0)               |  /* something else */
 0) ! 102.864 us  |  } /* ip_vs_in_hook [ip_vs] */
 0)   9.952 us    |  ip_vs_dr_xmit [ip_vs]();
`;

test('calls in a trace of function_graph, also those that other lines interrupt', (t) => {
  t.deepEqual(
    parseCalls(trace).map((call) => `${call.function} ${call.nanoseconds}`),
    [
      'read_null 2864',
      'read_null 2868',
      'read_null 2864',
      'ip_vs_in_hook 36864',
      'ip_vs_in_hook 102864',
      'ip_vs_dr_xmit 9952',
    ],
  );
  t.deepEqual(parseCalls(''), []);
});

test('a call has the instructions of its time, without those of the trace', (t) => {
  const calls = parseCalls(trace);
  const cost = tracingCost(calls);
  t.is(cost, 712);
  t.is(tracingCost([]), undefined);
  const hooks = calls.filter((call) => call.function === 'ip_vs_in_hook');
  t.deepEqual(instructionFigures('requests', hooks, { requests: 2, cost: 712 }), {
    part: 'requests',
    functions: ['ip_vs_in_hook'],
    calls: 1,
    call: { median: (8504 + 25_004) / 2, least: 8504, most: 25_004 },
    request: (8504 + 25_004) / 2,
  });
  const none = instructionFigures('sending', [], { requests: 2, cost: 712 });
  t.deepEqual([none.calls, none.call, none.request], [0, null, 0]);
});

import test from 'ava';
import { mostSlack, parseLoad, slackOf } from '../../scripts/drills/shared/load-requests.ts';

test('what the load prints', (t) => {
  t.deepEqual(
    parseLoad(
      '@@request 1.50 1.62 <h1>This is real server rs1</h1>\n@@request 2.00 2.10 <h1>This is the sorry server</h1>\n@@request 3.00 4.00 curl: (28) Timeout\n@@request 4.00 4.10 \n',
    ),
    [
      { start: 1.5, end: 1.62, server: 'rs1' },
      { start: 2, end: 2.1, server: 'sorry' },
      { start: 3, end: 4, server: undefined, error: 'curl: (28) Timeout' },
      { start: 4, end: 4.1, server: undefined, error: 'an empty page' },
    ],
  );
});

test('slow answers before the failure make the slack longer, others do not', (t) => {
  const answers = (took: number, count: number) =>
    Array.from({ length: count }, (_, at) => ({ start: at, end: at + took, server: 'rs1' }));
  const unanswered = answers(3, 20).map((one) => ({ ...one, server: undefined }));
  t.is(slackOf(answers(0.02, 9), 100), 2);
  t.is(slackOf(answers(0.09, 9), 100), 5);
  t.is(slackOf([...answers(0.02, 9), ...answers(0.9, 3)], 100), 2, 'a few slow ones do not');
  t.is(slackOf([...answers(0.02, 9), ...unanswered], 100), 2, 'nor those that nobody answered');
  t.is(slackOf(answers(0.9, 9), 0.5), 2, 'nor those behind the failure');
  t.is(slackOf(answers(9, 9), 100), mostSlack);
});

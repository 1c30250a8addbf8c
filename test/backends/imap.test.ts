import test from 'ava';
import { backendOf } from '../../scripts/backends/index.ts';
import { isAnswered } from '../../scripts/checks/looks/answered.ts';
import { parseAnswers } from '../../scripts/checks/looks/answers.ts';
import { planOf } from '../render/golden.ts';

test('imap: the message names the real server; without a login, or without a connection, there is no answer', async (t) => {
  const [service] = (await planOf('backend-imap')).services;
  const [read, refused, silent] = parseAnswers(
    [
      'From: rs1@lab\r\nTo: lab@lab\r\nSubject: who I am\r\n\r\nThis is real server rs1\r\n\n@@answer 000 10000 0.084 0 ',
      '@@answer 000 10001 0.012 67 Access denied: -',
      '@@answer 000 -1 2.001 28 Connection timed out after 2001 milliseconds',
    ].join('\n'),
    backendOf('imap').client,
  );
  t.is(read?.server, 'rs1');
  t.deepEqual(
    [read, refused, silent].map((answer) => service && answer && isAnswered(service, answer)),
    [true, false, false],
  );
});

import test from 'ava';
import { backendOf } from '../../scripts/backends/index.ts';
import { isAnswered } from '../../scripts/checks/looks/answered.ts';
import { parseAnswers } from '../../scripts/checks/looks/answers.ts';
import { planOf } from '../render/golden.ts';

test('smtps: the greeting names the real server; a server that speaks no TLS, or none, gives no answer', async (t) => {
  const [service] = (await planOf('backend-smtps')).services;
  const [taken, plain, refused] = parseAnswers(
    [
      '* SSL connection using TLSv1.3\n< 220 rs1 ESMTP This is real server rs1\r\n@@answer 250 10000 0.216 0 ',
      '@@answer 000 10001 0.012 35 TLS connect error: error:0A00010B:SSL routines::wrong version number',
      '@@answer 000 -1 0.001 7 Failed to connect to 192.168.1.3 port 465 after 0 ms: Could not connect to server',
    ].join('\n'),
    backendOf('smtps').client,
  );
  t.is(taken?.server, 'rs1');
  t.deepEqual(
    [taken, plain, refused].map((answer) => service && answer && isAnswered(service, answer)),
    [true, false, false],
  );
});

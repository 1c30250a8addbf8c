import test from 'ava';
import { backendOf } from '../../scripts/backends/index.ts';
import { isAnswered } from '../../scripts/checks/looks/answered.ts';
import { parseAnswers } from '../../scripts/checks/looks/answers.ts';
import { planOf } from '../render/golden.ts';

test('proxy: the page names the real server that fetched it; a page that none fetched, or an error, is no answer', async (t) => {
  const [service] = (await planOf('backend-proxy')).services;
  const [fetched, direct, failed, refused] = parseAnswers(
    [
      'This is real server rs1\n\n@@answer 200 10000 0.084 0 ',
      'This is no proxy\n\n@@answer 200 10001 0.012 0 ',
      '<p>Connection to 192.168.1.100 failed.</p>\n\n@@answer 503 10002 0.412 0 ',
      '\n@@answer 000 -1 0.001 7 Failed to connect to 192.168.1.3 port 3128 after 0 ms: Could not connect to server',
    ].join('\n'),
    backendOf('proxy').client,
  );
  t.is(fetched?.server, 'rs1');
  t.deepEqual(
    [fetched, direct, failed, refused].map((answer) => service && answer && isAnswered(service, answer)),
    [true, false, false, false],
  );
});

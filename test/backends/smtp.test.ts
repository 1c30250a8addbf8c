import test from 'ava';
import { backendOf } from '../../scripts/backends/index.ts';
import { isAnswered } from '../../scripts/checks/looks/answered.ts';
import { parseAnswers } from '../../scripts/checks/looks/answers.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import { planOf } from '../render/golden.ts';

const { client } = backendOf('smtp');

test('smtp: the greeting names the real server, and a message that was taken counts as answered', async (t) => {
  const [service] = (await planOf('backend-smtp')).services;
  const greeting = '220 rs1 ESMTP This is real server rs1\r\n250-rs1 Hello client [192.168.1.100]\r\n250 OK\r\n';
  const [taken, refused, silent] = parseAnswers(
    [
      `${greeting}@@answer 250 10000 0.016 0 `,
      `${greeting}@@answer 550 10001 0.012 55 RCPT failed: 550`,
      '@@answer 000 -1 2.001 28 Connection timed out after 2001 milliseconds',
    ].join('\n'),
    client,
  );
  t.is(taken?.server, 'rs1');
  t.deepEqual(
    [taken, refused, silent].map((answer) => service && answer && isAnswered(service, answer)),
    [true, false, false],
  );
});

test('smtp: a service at port 25 is one of mail, over tcp', (t) => {
  const text = 'mode: dr\nnetworks: { front: 192.168.1.0/24 }\nservice: { vip: 192.168.1.3, port: 25 }\n';
  const { lab } = parseLab(text, { name: 'mail', file: 'mail.yaml' });
  t.like(lab.services[0], { protocol: 'tcp', endpoints: [{ port: 25, backend: 'smtp' }] });
});

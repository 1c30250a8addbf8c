import test from 'ava';
import { backendOf } from '../../scripts/backends/index.ts';
import { isAnswered } from '../../scripts/checks/looks/answered.ts';
import { parseAnswers } from '../../scripts/checks/looks/answers.ts';
import { planOf } from '../render/golden.ts';

test('ldap: the entry names the real server; without the entry, or without a connection, there is no answer', async (t) => {
  const [service] = (await planOf('backend-ldap')).services;
  const [read, missing, silent] = parseAnswers(
    [
      'DN: cn=server,dc=lab\n\tdescription: This is real server rs1\n\n\n@@answer 000 10000 0.084 0 ',
      '@@answer 000 10001 0.012 39 LDAP remote: search failed No such object',
      '@@answer 000 -1 2.001 28 Connection timed out after 2001 milliseconds',
    ].join('\n'),
    backendOf('ldap').client,
  );
  t.is(read?.server, 'rs1');
  t.deepEqual(
    [read, missing, silent].map((answer) => service && answer && isAnswered(service, answer)),
    [true, false, false],
  );
});

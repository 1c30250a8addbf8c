import test from 'ava';
import { backendOf } from '../../scripts/backends/index.ts';
import { parseAnswers } from '../../scripts/checks/looks/answers.ts';
import { LabFileError } from '../../scripts/errors.ts';
import { parseLab } from '../../scripts/model/parse.ts';

const { client, target } = backendOf('ntp');

function problemsOf(text: string): string[] {
  try {
    parseLab(`mode: dr\nnetworks: { front: 192.168.1.0/24 }\n${text}`, { name: 'time', file: 'time.yaml' });
    return [];
  } catch (error) {
    if (error instanceof LabFileError) return error.problems.map(({ what }) => what);
    throw error;
  }
}

const service = 'service: { vip: 192.168.1.3, port: 123 }\n';

test('ntp: the client is given the names that the strata stand for, and prints the right one', (t) => {
  const asked = {
    protocol: 'udp',
    address: '192.168.1.3',
    port: 123,
    page: '/',
    realServers: ['rs1', 'time'],
  } as const;
  t.is(target(asked), '192.168.1.3/123/rs1,time');
  const [told, silent] = parseAnswers(
    'This is real server time, stratum 2\n@@answer 200 10000 0.01 0 \n@@answer 0 10001 2.00 1 no answer in time\n',
    client,
  );
  t.like(told, { server: 'time', status: 200, error: undefined });
  t.like(silent, { server: undefined, status: 0, error: 'no answer in time' });
});

test('ntp: 15 real servers have a stratum each, 16 do not', (t) => {
  t.deepEqual(problemsOf(`real_servers: 15\n${service}`), []);
  t.regex(problemsOf(`real_servers: 16\n${service}`).join(), /the stratum, which ends at 15, and the lab has 16/);
});

test('ntp: chrony that serves the time to the lab leaves no port for it on the director', (t) => {
  t.deepEqual(problemsOf(`clock: true\n${service}`), []);
  const local = 'real_servers: [{ name: director }, { name: rs1 }]\n';
  t.deepEqual(problemsOf(local + service), []);
  t.regex(
    problemsOf(`clock: true\n${local}${service}`).join(),
    /udp 123 of director is used by chrony for clock: true already/,
  );
});

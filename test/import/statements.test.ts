import test from 'ava';
import { convert } from '../../scripts/import/import.ts';
import { caseNames, importer, sourceOf, waysOf } from './golden.ts';
import { compare } from './statements/compare.ts';
import { expectedOf, kindOf } from './statements/expected.ts';

/** Cases of several files, and of lines that the comparison reads as keepalived does not: a sequence before a block. */
const others = /^(include-in-a-block|comments-in-a-definition|unfolded|sequence-before-a-block|condition-and-sequence)/;

for (const name of (await caseNames()).filter((one) => /\.(conf|cf)$/.test(one) && !others.test(one))) {
  test(`${name}: a reading of its own finds no statement lost, and no line of the lab false`, async (t) => {
    const run = await importer(name);
    const { text } = await sourceOf(name);
    const options = waysOf(name).find((one) => one.services ?? one.configId) ?? {};
    const { statements, lost, wrong } = compare(expectedOf(kindOf(text), text, options.configId), run(text, options));
    t.true(statements > 0);
    t.deepEqual([lost, wrong], [[], []]);
  });
}

const conf = `virtual_server 192.0.2.1 80 {
  protocol TCP
  lvs_sched wrr
  lvs_method DR
  notify_up /bin/true
  real_server 198.51.100.1 80 {
    weight 7
  }
}
`;
const made = convert([{ name: 'x', text: conf }], 'x', { included: (pattern) => pattern });
const expected = () => expectedOf('keepalived.conf', conf, undefined);

test('a statement that is neither in the lab nor listed is lost', (t) => {
  t.deepEqual(compare(expected(), made).lost, []);
  t.deepEqual(compare(expected(), { ...made, left: [] }).lost, ['5: notify_up /bin/true']);
});

test('a line of the lab that says something else than its statement is false', (t) => {
  const text = made.text.replace('weight: 7', 'weight: 8').replace('scheduler: wrr', 'scheduler: sed');
  t.deepEqual(compare(expected(), { ...made, text }).wrong, [
    '3: lvs_sched wrr: scheduler is wrr, the lab has sed',
    '7: weight 7: weight is 7, the lab has 8',
    'service.scheduler in the lab file comes from no statement',
    'service.real_servers.0.weight in the lab file comes from no statement',
  ]);
});

test('a line of the lab that no statement caused is false', (t) => {
  const text = `${made.text}ipvs:\n  timeouts:\n    tcp: 60\n    tcpfin: 30\n    udp: 20\n`;
  t.deepEqual(compare(expected(), { ...made, text }).wrong, [
    'ipvs.timeouts.tcp in the lab file comes from no statement',
    'ipvs.timeouts.tcpfin in the lab file comes from no statement',
    'ipvs.timeouts.udp in the lab file comes from no statement',
  ]);
});

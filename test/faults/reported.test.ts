import test from 'ava';
import { choose } from '../../scripts/faults/choose.ts';
import { faults } from '../../scripts/faults/index.ts';
import { reported } from '../../scripts/faults/reported.ts';
import { allLabs, planOf } from '../render/golden.ts';

const cases: [lab: string, fault: string, place: string, report: string][] = [
  ['dr', 'vip-missing', 'rs1', 'every second request hangs until the client gives up'],
  ['dr', 'daemon-down', 'rs2', 'every second request is refused at once'],
  ['dr', 'page-forbidden', 'rs1', 'every second request gets an error page'],
  ['dr', 'director-vip-missing', 'director', 'every request hangs until the client gives up'],
  ['dr', 'mtu-black-hole', 'rs1', 'every second long upload hangs, but short requests are answered'],
  ['dr', 'nic-delay', 'rs1', 'every second request is answered, but some seconds late'],
  ['dr', 'weight-zero', 'rs2', 'every request is answered, but none by rs2'],
  ['fwmark', 'vip-missing', 'rs1', 'every third request hangs until the client gives up'],
  ['persistence', 'vip-missing', 'rs1', 'one or another request hangs until the client gives up'],
  [
    'health',
    'daemon-down',
    'rs1',
    'every second request is refused at once, until health checks take the real server out',
  ],
  [
    'services',
    'vip-missing',
    'rs3 192.168.1.9',
    'every second request to UDP 192.168.1.9:53 hangs until the client gives up',
  ],
];

for (const [lab, id, name, report] of cases) {
  test(`lab ${lab}, ${id} at ${name}: users report "${report}"`, async (t) => {
    const plan = await planOf(lab);
    t.is(reported(plan, choose(faults, plan, id, name).place.symptom), report);
  });
}

test('a report names no fault and no machine but one that does nothing', async (t) => {
  for (const lab of await allLabs()) {
    const plan = await planOf(lab);
    for (const { id, places } of faults) {
      for (const { symptom } of places(plan)) {
        const text = reported(plan, symptom);
        t.false(text.includes(id), text);
        if (symptom.kind !== 'unused') t.notRegex(text, /\b(rs\d|director)\b/);
      }
    }
  }
});

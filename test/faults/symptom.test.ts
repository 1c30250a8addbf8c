import test from 'ava';
import type { Symptom } from '../../scripts/faults/symptom.ts';
import { symptomFits } from '../e2e/symptom-seen.ts';
import { planOf } from '../render/golden.ts';

const web = 'TCP 192.168.1.3:80';
const dr = await planOf('dr');

/** Answers of lab dr as digits, x for none: 21x. */
function answers(digits: string) {
  return [...digits].map((digit) => ({ service: web, server: digit === 'x' ? null : `rs${digit}` }));
}

const cases: { symptom: Symptom; fits: string[]; not: string[] }[] = [
  { symptom: { kind: 'none' }, fits: ['2121', '2222'], not: ['212x', ''] },
  { symptom: { kind: 'site fails' }, fits: ['2121'], not: ['212x'] },
  { symptom: { kind: 'without IPVS' }, fits: ['2222', '2121'], not: ['222x'] },
  {
    symptom: { kind: 'fails', of: [{ service: web, servers: ['rs1'] }] },
    fits: ['2x2x', 'x2x2'],
    not: ['2121', '2222', '2xx2', '222x', 'xxxx', '1x1x', '2'],
  },
  {
    symptom: { kind: 'fails', of: [{ service: web, servers: ['rs1', 'rs2'] }] },
    fits: ['xxxx'],
    not: ['2xxx', '2121'],
  },
  {
    symptom: { kind: 'fails at first', of: [{ service: web, servers: ['rs1'] }] },
    fits: ['2x22', '2222'],
    not: ['2221'],
  },
  { symptom: { kind: 'unused', of: [{ service: web, servers: ['rs2'] }] }, fits: ['1111'], not: ['1211', '1x1x'] },
  {
    symptom: { kind: 'one server', of: [{ service: web, servers: ['rs1', 'rs2'] }] },
    fits: ['1111', '2222'],
    not: ['2121', '222x'],
  },
  { symptom: { kind: 'varies' }, fits: ['2121', 'xxxx'], not: [''] },
];

for (const { symptom, fits, not } of cases) {
  test(`answers are told to show, or not to show, the symptom ${JSON.stringify(symptom)}`, (t) => {
    for (const digits of fits) t.true(symptomFits(dr, symptom, answers(digits)), digits);
    for (const digits of not) t.false(symptomFits(dr, symptom, answers(digits)), digits);
  });
}

test('a service that a symptom does not name must be answered', async (t) => {
  const services = await planOf('services');
  const symptom: Symptom = { kind: 'fails', of: [{ service: 'UDP 192.168.1.9:53', servers: ['rs3'] }] };
  const seen = (page: string | null) => [
    { service: web, server: page },
    { service: 'TCP 192.168.1.3:443', server: 'rs3' },
    { service: 'UDP 192.168.1.9:53', server: null },
    { service: 'UDP 192.168.1.9:53', server: 'rs2' },
  ];
  t.true(symptomFits(services, symptom, seen('rs1')));
  t.false(symptomFits(services, symptom, seen(null)));
});

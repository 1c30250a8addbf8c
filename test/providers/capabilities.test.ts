import test from 'ava';
import { parseLab } from '../../scripts/model/parse.ts';
import { makePlan } from '../../scripts/plan/make-plan.ts';
import { requirementsOf } from '../../scripts/plan/requirements.ts';
import { providers } from '../../scripts/providers/index.ts';
import type { Capabilities } from '../../scripts/providers/provider-info.ts';
import { providerOf } from '../../scripts/providers/providers.ts';
import { obstacles } from '../../scripts/providers/suitable.ts';

for (const info of providers) {
  test(`${info.name} does what it says it can`, async (t) => {
    const provider = await providerOf(info.name);
    t.is(provider.name, info.name);
    t.deepEqual(provider.capabilities, info.capabilities);
    t.is(provider.reset !== undefined, info.capabilities.reset);
    t.is(provider.checkpoints !== undefined, info.capabilities.checkpoints);
    t.is(provider.lines !== undefined, info.capabilities.lines);
    t.is(provider.capture !== undefined, info.capabilities.capture);
  });
}

const able: Capabilities = {
  disks: true,
  kernels: ['cloud', 'generic'],
  boxes: true,
  reset: true,
  checkpoints: true,
  lines: true,
  capture: true,
  instructionClock: true,
  outlivesLogout: false,
  managementNetworks: [],
};

function reasons(text: string, lacking: Partial<Capabilities>): string[] {
  const { lab } = parseLab(`mode: dr\nservice: { vip: 192.168.1.3 }\n${text}`, { name: 'x', file: 'x.yaml' });
  return obstacles(requirementsOf(makePlan(lab)), { name: 'it', capabilities: { ...able, ...lacking } });
}

test('what a lab needs is compared with what a provider can', (t) => {
  const plain = 'networks: { front: 192.168.1.0/24 }\n';
  t.deepEqual(reasons(plain, { disks: false, kernels: ['cloud'], boxes: false, reset: false }), []);
  t.deepEqual(reasons(`${plain}nfs: true\n`, { disks: false }), ['nfs needs a disk, and it gives machines no disk']);
  t.deepEqual(reasons(`${plain}kernel: generic\n`, { kernels: ['cloud'] }), [
    'the lab needs kernel generic, and it has only cloud',
  ]);
  const mixed = `${plain}kernel: 6.12.94\nkernels: { director: sid, rs1: cloud }\n`;
  t.deepEqual(reasons(mixed, { kernels: ['cloud'] }), [
    'the lab needs kernel 6.12.94, and it has only cloud',
    'director needs kernel sid, and it has only cloud',
  ]);
  t.deepEqual(reasons(mixed, { kernels: 'any' }), []);
  t.deepEqual(reasons(plain, { managementNetworks: ['10.0.0.0/8', '192.168.0.0/16'] }), [
    'the front network 192.168.1.0/24 overlaps 192.168.0.0/16, on which it manages machines',
  ]);
});

import test from 'ava';
import { resultText } from '../../scripts/path/result.ts';
import { planOf } from '../render/golden.ts';
import { caseOf } from './cases.ts';
import { tracked } from './drawn.ts';
import { conversation } from './made.ts';

const look = { width: 80, paint: (_: unknown, text: string) => text };

test('when no request went to the wanted real server, the reason is the plan’s', async (t) => {
  const { plan, service, server, there, back } = await caseOf('nat');
  const found = tracked(plan, service, conversation(plan, { there, back }), { server });
  const saidOf = (changed: Partial<typeof service>) => {
    const one = { ...found, service: { ...service, ...changed }, tries: 40 };
    return /wanted +(.*)/.exec(resultText(plan, one, 'rs1', look))?.[1];
  };
  t.is(saidOf({}), 'none of 40 requests went to rs1');
  t.is(saidOf({ persistence: 300 }), 'none of 40 requests went to rs1: persistence keeps a client at its');
  t.is(saidOf({ scheduler: 'sh' }), 'none of 40 requests went to rs1: scheduler sh chooses by address');
  const destinations = service.destinations.map((one) => ({ ...one, weight: 0 }));
  t.is(saidOf({ destinations }), 'none of 40 requests went to rs1: its weight is 0');
  t.is(resultText(plan, found, 'rs2', look).includes('wanted'), false);
});

test('of a request that ends on Debian 12 it is said that its kernel gives fewer reasons', async (t) => {
  const { plan, service, there, back } = await caseOf('dr');
  const found = tracked(plan, service, conversation(plan, { there, back }, [{ way: 'there', flags: ['SYN'] }]));
  const old = { ...(await planOf('dr')), release: 12 as const };
  t.regex(resultText(old, found, undefined, look), /kernel +Debian 12’s kernel gives fewer reasons/);
  t.notRegex(resultText(plan, found, undefined, look), /Debian 12/);
});

import test from 'ava';
import { pathDocument } from '../../scripts/path/document.ts';
import { notTold, sectionOf } from '../docs/json-fields.ts';
import { caseOf } from './cases.ts';
import { tracked } from './drawn.ts';
import { arpExchange, begin, conversation } from './made.ts';

test('the document of lab path has the fields that docs/json.md tells of', async (t) => {
  const { plan, service, server, there, back } = await caseOf('dr');
  const frames = [
    ...arpExchange(plan, 'front', 'client', '192.168.1.3', 'director', begin - 500),
    ...conversation(plan, { there, back }, [{ way: 'there', flags: ['SYN'], until: 1 }]),
  ];
  const decisions = new Map([
    [2, { node: 'director', functions: ['ip_vs_leave'], drop: { reason: 'NEW', where: 'ip_rcv' } }],
  ]);
  const document = JSON.parse(
    JSON.stringify(pathDocument(plan, tracked(plan, service, frames, { server, decisions }))),
  );
  t.deepEqual(notTold(await sectionOf('lvs-lab/path/'), document), []);
});

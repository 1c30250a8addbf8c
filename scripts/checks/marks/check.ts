import { portsOf } from '../../ipvs/rules.ts';
import { theNode } from '../../plan/plan.ts';
import { byEffect } from '../check.ts';
import { type CheckKind, ofEachService, type ServiceJudge } from '../check-kind.ts';
import { effectLooks, worksAsAWhole } from '../effect.ts';
import { up } from '../hint.ts';
import { marksLook } from './look.ts';

const judge: ServiceJudge = (plan, service, seen) => {
  const { vip, protocol, fwmark } = service;
  if (fwmark === 0) return undefined;
  const director = theNode(plan, 'director').name;
  const ports = portsOf(service);
  // nft lists one port without braces, several sorted, and marks in hex.
  const rules = seen
    .of(marksLook, director)
    .matchAll(/daddr (\S+) (\w+) dport (?:\{ ([\d, -]+) \}|([\d-]+)) meta mark set (0x[0-9a-f]+)/g);
  const marked = [...rules].flatMap(([, address, kind, list, one, mark]) =>
    address === vip && kind === protocol && Number(mark) === fwmark ? (list ?? one ?? '').split(', ') : [],
  );
  const missing = ports.filter((port) => !marked.includes(port));
  const asPlanned = missing.length === 0;
  const observed = asPlanned
    ? `mark ${fwmark} on port ${ports.join(', ')}`
    : `no such mark on port ${missing.join(', ')}`;
  const otherwise = `${observed} in the lab’s own table; IPVS gets every request`;
  const effect = byEffect(asPlanned, () => worksAsAWhole(plan, seen), otherwise);
  return {
    title: 'the director marks packets for the service',
    ...effect,
    expected: `mark ${fwmark} on ${protocol} to ${vip}, ports ${ports.join(', ')}`,
    observed,
    ...(!effect.ok && {
      hint: {
        cause: 'a packet without the mark belongs to no service',
        commands: [up(plan), { on: director, run: 'nft list ruleset' }],
        see: [],
      },
    }),
  };
};

export const marks: CheckKind = {
  id: 'marks',
  about: 'the director marks packets for the ports of a service by firewall mark',
  faults: ['marks-missing'],
  looks: [marksLook, ...effectLooks],
  judge: ofEachService(judge),
};

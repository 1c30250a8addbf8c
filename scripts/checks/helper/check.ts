import { helperAt } from '../../plan/backends.ts';
import { theNode } from '../../plan/plan.ts';
import { byEffect } from '../check.ts';
import { type CheckKind, ofEachService, type ServiceJudge } from '../check-kind.ts';
import { effectLooks, worksAsAWhole } from '../effect.ts';
import { up } from '../hint.ts';
import { helpers } from './look.ts';

const judge: ServiceJudge = (plan, service, seen) => {
  const endpoint = service.endpoints.find((one) => helperAt(service, one));
  const needed = endpoint && helperAt(service, endpoint);
  if (!endpoint || !needed) return undefined;
  const { port } = endpoint;
  const director = theNode(plan, 'director').name;
  const found = seen.of(helpers, director);
  const asPlanned = found.includes(`${needed.name} ${port}`);
  const observed = found.join(', ') || 'no helper';
  const effect = byEffect(asPlanned, () => worksAsAWhole(plan, seen), `${observed}; every transfer succeeds`);
  return {
    title: `${needed.module} reads the control connections`,
    ...effect,
    expected: `${needed.name} on port ${port} in /proc/net/ip_vs_app`,
    observed,
    ...(!effect.ok && {
      hint: {
        cause: `without ${needed.module}: ${needed.without}`,
        commands: [up(plan), { on: director, run: `modprobe ${needed.module} ports=${port}` }],
        see: [],
      },
    }),
  };
};

export const helper: CheckKind = {
  id: 'helper',
  about: 'the kernel module of IPVS that a backend needs (FTP) is loaded, and reads the service’s port',
  faults: [],
  looks: [helpers, ...effectLooks],
  judge: ofEachService(judge),
};

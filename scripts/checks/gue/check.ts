import { serversBy } from '../../plan/plan.ts';
import { eachRealServer, named } from '../check.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { up } from '../hint.ts';
import { fou } from './look.ts';

const judge: Judge = (plan, seen) => {
  const servers = serversBy(plan, 'tun').filter(({ tunnel }) => tunnel === 'gue');
  const portOf = (node: string) => servers.find((one) => one.node === node)?.tunnelPort;
  return eachRealServer(
    servers,
    {
      title: 'real servers unwrap GUE',
      expected: `fou on port ${[...new Set(servers.map(({ tunnelPort }) => tunnelPort))].join(' or ')}`,
      hint: (nodes) => ({
        cause: `requests arrive in UDP, which nothing takes apart on ${named(nodes)}`,
        commands: [up(plan), ...nodes.slice(0, 1).map((on) => ({ on, run: `ip fou add port ${portOf(on)} gue` }))],
        see: [],
      }),
    },
    (node) => {
      const lines = seen.of(fou, node);
      const ok = lines.some((line) => line.startsWith(`port ${portOf(node)} gue`));
      return { ok, observed: lines.join(', ') || 'ip fou show: nothing' };
    },
  );
};

export const gue: CheckKind = {
  id: 'gue',
  about: 'TUN with GUE: each real server takes the packets out of UDP',
  faults: ['gue-port-closed'],
  looks: [fou],
  judge,
};

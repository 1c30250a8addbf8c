import { backendOf } from '../backends/index.ts';
import { theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { gone } from './sign.ts';
import { fails } from './symptom.ts';

export const helperMissing: Fault = {
  id: 'helper-missing',
  family: 'ipvs',
  title: 'the director lacks the kernel module that reads the packets of a service',
  cause: 'FTP announces a second connection inside the first. Without the module the director does not expect it.',
  sign: gone('module', /^ip_vs_/),
  places: (plan) => {
    const needing = plan.services.filter(({ endpoints }) => endpoints.some(({ backend }) => backendOf(backend).helper));
    const helper = needing.flatMap(({ endpoints }) =>
      endpoints.flatMap(({ backend }) => backendOf(backend).helper ?? []),
    )[0];
    if (!helper) return [];
    const director = theNode(plan, 'director').name;
    const all = plan.realServers.map(({ node }) => node);
    return [
      {
        name: director,
        nodes: [director],
        make: [{ on: director, run: unload(helper.module) }],
        witness: { on: director, run: `! grep -qw ${helper.name} /proc/net/ip_vs_app` },
        symptom: fails(plan, all, needing),
      },
    ];
  },
};

/**
 * Connections that IPVS remembers hold the module. The kernel forgets those of real servers that it does not know any more at
 * once, if it has to tell their clients (ip_vs_expire_nodest_conn_flush). So the table is empty for a moment.
 */
function unload(module: string): string {
  return [
    `if grep -q '^${module} ' /proc/modules; then rules=$(ipvsadm-save -n)`,
    'read -r told < /proc/sys/net/ipv4/vs/expire_nodest_conn',
    'echo 1 > /proc/sys/net/ipv4/vs/expire_nodest_conn',
    'ipvsadm --clear',
    `for _ in $(seq 100); do modprobe -r ${module} 2> /dev/null && break; sleep 0.1; done`,
    'echo "$rules" | ipvsadm --restore',
    'echo "$told" > /proc/sys/net/ipv4/vs/expire_nodest_conn; fi',
    `! grep -q '^${module} ' /proc/modules`,
  ].join('; ');
}

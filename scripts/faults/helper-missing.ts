import { helperAt } from '../plan/backends.ts';
import { type PlannedService, theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { gone } from './sign.ts';
import { fails } from './symptom.ts';

export const helperMissing: Fault = {
  id: 'helper-missing',
  family: 'ipvs',
  title: 'the director lacks the kernel module that reads the protocol of a service',
  cause:
    'FTP announces a second connection inside the first one. Without the module the director does not expect the second one.',
  sign: gone('module', ({ plan }) => {
    const helpers = plan.services.flatMap(helpersIn);
    return helpers.length > 0 ? new RegExp(`^(${helpers.map(({ module }) => module).join('|')})$`) : undefined;
  }),
  places: (plan) => {
    const needing = plan.services.filter((service) => helpersIn(service).length > 0);
    const [helper] = needing.flatMap(helpersIn);
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

function helpersIn(service: PlannedService) {
  return service.endpoints.flatMap((endpoint) => helperAt(service, endpoint) ?? []);
}

/**
 * Connections in the IPVS table keep the module in use. With expire_nodest_conn the kernel removes connections at once whose real
 * server is gone (ip_vs_expire_nodest_conn_flush). So the table is cleared for a moment.
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

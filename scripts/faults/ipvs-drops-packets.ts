import { theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { sh } from './sh.ts';
import { changed } from './sign.ts';
import { sharesOf } from './symptom.ts';

export const ipvsDropsPackets: Fault = {
  id: 'ipvs-drops-packets',
  family: 'ipvs',
  title: 'IPVS drops packets as if it were attacked: drop_packet is 3',
  cause:
    'Of the packets that begin connections IPVS drops one in every am_droprate. The client sends it again after a second, so pages come late.',
  sign: (change) =>
    // Always: ip-sysctl and ipvs-sysctl.rst of the kernel.
    change.after.of('sysctl', 'net.ipv4.vs.drop_packet') === '3'
      ? changed('sysctl', /^net\.ipv4\.vs\.(drop_packet|am_droprate)$/, {})(change)
      : [],
  places: (plan) => {
    const [service] = plan.services.filter(({ protocol }) => protocol === 'tcp');
    if (!service) return [];
    const director = theNode(plan, 'director').name;
    const all = plan.realServers.map(({ node }) => node);
    const set = (mode: number, rate: number) => {
      return [{ on: director, run: sh`sysctl -q -w net.ipv4.vs.am_droprate=${rate} net.ipv4.vs.drop_packet=${mode}` }];
    };
    const connect = sh`nc -z -w 1 ${service.vip} ${service.endpoints[0]?.port ?? 0} < /dev/null 2> /dev/null`;
    return [
      {
        name: director,
        nodes: [director],
        make: set(3, 2),
        mend: set(0, 10),
        witness: {
          on: theNode(plan, 'client').name,
          run: `for _ in 1 2 3 4 5 6; do ${connect} || exit 0; done; exit 1`,
        },
        symptom: { kind: 'lossy', of: sharesOf(plan, all) },
      },
    ];
  },
};

import { familyOf, whyNoHost } from '../addresses.ts';
import { directorOf } from '../defaults.ts';
import { directorName } from '../lab.ts';
import { networkOf } from '../network-of.ts';
import { hostExample } from '../reading/examples.ts';
import type { Report } from './report.ts';

export function realServers({ file, services, problem }: Report): void {
  if (!Array.isArray(file.real_servers)) return;
  file.real_servers.forEach((server, index) => {
    const { name, address, port, gateway, tunnel, tunnel_port: tunnelPort, mode = file.mode } = server;
    const place = networkOf(mode, file.networks);
    const network = file.networks[place];
    const path = (key: string) => ['real_servers', index, key];
    if (name === directorName) {
      const own = Object.values(directorOf(file));
      if (address && !own.includes(address))
        problem(path('address'), `the director itself has ${own.join(' and ')}: LocalNode`, 'leave address out');
    } else if (address && network && familyOf(address) === familyOf(network)) {
      const words = { back: 'the back network', remote: 'the remote network', front: "the director's segment" };
      const why = whyNoHost(address, network, words[place]);
      if (why) problem(path('address'), why, hostExample(file, network));
    }
    if (port !== undefined && services.length > 1) {
      problem(path('port'), 'several services: which of them is it for?', 'the port behind real_servers of a service');
    }
    const inside = directorOf(file).back;
    if (gateway && mode !== 'nat') problem(path('gateway'), `${mode} answers the client directly and needs no gateway`);
    else if (gateway && gateway !== inside) {
      problem(path('gateway'), `with gateway ${gateway} the answers miss the director`, `gateway: ${inside}`);
    }
    if (tunnel && mode !== 'tun') problem(path('tunnel'), `${mode} wraps nothing`, 'mode: tun');
    else if (tunnelPort && tunnel !== 'gue') problem(path('tunnel_port'), 'only gue has a port', 'tunnel: gue');
    if (tunnel && tunnel !== 'ipip' && familyOf(file.networks.front) === 6) {
      problem(path('tunnel'), `${tunnel} is not set up for IPv6 here`, 'tunnel: ipip');
    }
  });
}

import { familyOf, whyNoHost } from '../addresses.ts';
import { networkOf } from '../network-of.ts';
import { backupOf, directorOf, gatewayOf } from '../nodes.ts';
import { hostExample } from '../reading/examples.ts';
import { namedServers } from '../real-servers.ts';
import { directorName } from '../words.ts';
import type { Report } from './report.ts';

export function realServers({ file, services, problem }: Report): void {
  namedServers(file).forEach((server, index) => {
    const { name, address, port, gateway, tunnel, tunnel_port: tunnelPort, mode = file.mode } = server;
    const place = networkOf(mode, file.networks);
    const network = file.networks[place];
    const path = (key: string) => ['real_servers', index, key];
    if (name === directorName) {
      const own = Object.values(directorOf(file));
      if (address && !own.includes(address))
        problem(
          path('address'),
          `this real server is the director itself, which has ${own.join(' and ')}`,
          'leave address out',
        );
    } else if (address && network && familyOf(address) === familyOf(network)) {
      const words = { back: 'the back network', remote: 'the remote network', front: 'the front network' };
      const why = whyNoHost(address, network, words[place]);
      if (why) problem(path('address'), why, hostExample(file, network));
    }
    if (port !== undefined && services.length > 1) {
      problem(
        path('port'),
        'the lab has several services, so the port belongs to one of them',
        'the port in the real_servers of a service',
      );
    }
    const inside = file.one_arm ? undefined : gatewayOf({ director: directorOf(file), backup: backupOf(file) });
    if (gateway && mode !== 'nat')
      problem(path('gateway'), `real servers by ${mode} answer the client directly and need no gateway`);
    else if (gateway && file.one_arm)
      problem(path('gateway'), 'in one network real servers need no default gateway', 'leave gateway out');
    else if (gateway && gateway !== inside) {
      problem(
        path('gateway'),
        `with gateway ${gateway} the answers do not go through the director`,
        `gateway: ${inside}`,
      );
    }
    if (tunnel && mode !== 'tun') problem(path('tunnel'), `real servers by ${mode} have no tunnel`, 'mode: tun');
    else if (tunnelPort && tunnel !== 'gue')
      problem(path('tunnel_port'), 'only gue tunnels have a port', 'tunnel: gue');
    if (tunnel && tunnel !== 'ipip' && familyOf(file.networks.front) === 6) {
      problem(path('tunnel'), `the kit sets up no ${tunnel} tunnels with IPv6`, 'tunnel: ipip');
    }
  });
}

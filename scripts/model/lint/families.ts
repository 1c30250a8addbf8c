import { familyOf } from '../addresses.ts';
import type { Path } from '../reading/source.ts';
import { namedServers } from '../real-servers.ts';
import type { Report } from './report.ts';

/** A lab is IPv4 or IPv6: its machines have one address in each network. */
export function families({ file, services, problem }: Report): void {
  const family = familyOf(file.networks.front);
  const differs = (path: Path, address: string | undefined, what: string, fix?: string) => {
    if (address && familyOf(address) !== family) problem(path, what, fix);
  };
  const other = family === 4 ? 6 : 4;
  for (const name of ['back', 'remote'] as const) {
    const cidr = file.networks[name];
    differs(['networks', name], cidr, `this network is IPv${other}, but the front network is IPv${family}`);
  }
  for (const { service, path } of services) {
    const vip = familyOf(service.vip);
    differs(
      [...path, 'vip'],
      service.vip,
      `the VIP is IPv${vip}, but the front network is ${file.networks.front}`,
      `an IPv${family} address, or an IPv${vip} front network`,
    );
    const granularity = service.persistence_granularity;
    if (granularity === undefined) continue;
    const of = typeof granularity === 'number' ? 6 : 4;
    if (of !== vip) {
      const fix = vip === 6 ? 'persistence_granularity: 64' : 'persistence_granularity: 255.255.255.0';
      problem(
        [...path, 'persistence_granularity'],
        `IPv${vip} clients need a ${vip === 6 ? 'prefix length' : 'netmask'}`,
        fix,
      );
    }
  }
  namedServers(file).forEach(({ address, mode = file.mode }, index) => {
    const what =
      mode === 'tun'
        ? `an IPv${other} real server in an IPv${family} lab: the kit does not tunnel one in the other`
        : `an IPv${other} real server for an IPv${family} service: the kernel refuses that without a tunnel`;
    differs(['real_servers', index, 'address'], address, what, `an IPv${family} address`);
  });
}

import { type Family, familyOf } from '../addresses.ts';
import type { Path } from '../reading/source.ts';
import type { Report } from './report.ts';

/** IPv4 or IPv6, and nothing of the other: machines have one address a network. */
export function families({ file, services, problem }: Report): void {
  const family = familyOf(file.networks.front);
  const differs = (path: Path, address: string | undefined, what: string, fix?: string) => {
    if (address && familyOf(address) !== family) problem(path, what, fix);
  };
  const says = (name: string, one: Family) => `${name} is IPv${one}`;
  for (const name of ['back', 'remote'] as const) {
    const cidr = file.networks[name];
    differs(['networks', name], cidr, `the front network is IPv${family}, and ${says('this', family === 4 ? 6 : 4)}`);
  }
  for (const { service, path } of services) {
    const vip = familyOf(service.vip);
    differs(
      [...path, 'vip'],
      service.vip,
      `an IPv${vip} VIP on the front network ${file.networks.front}`,
      `an IPv${family} address, or another front network`,
    );
    const granularity = service.persistence_granularity;
    if (granularity === undefined) continue;
    const of = typeof granularity === 'number' ? 6 : 4;
    if (of !== vip) {
      const fix = vip === 6 ? 'persistence_granularity: 64' : 'persistence_granularity: 255.255.255.0';
      problem([...path, 'persistence_granularity'], `IPv${vip} clients have no such network`, fix);
    }
  }
  if (!Array.isArray(file.real_servers)) return;
  file.real_servers.forEach(({ address, mode = file.mode }, index) => {
    const what =
      mode === 'tun'
        ? 'a real server of the other family: IPVS could tunnel one in the other, but networks of a lab are of one family'
        : `an IPv${family === 4 ? 6 : 4} real server for an IPv${family} service: the kernel refuses that without a tunnel`;
    differs(['real_servers', index, 'address'], address, what, `an IPv${family} address`);
  });
}

import { backupName, backupOf, directorOf, routerOf } from '../nodes.ts';
import type { Path } from '../reading/source.ts';
import { namedServers } from '../real-servers.ts';
import { directorName } from '../words.ts';
import type { Report } from './report.ts';

/** Finds addresses and names that are used twice. */
export function taken({ file, services, problem }: Report): void {
  const addresses = new Map<string, string>();
  const { front, back } = directorOf(file);
  addresses.set(front, 'the director');
  if (back) addresses.set(back, 'the director');
  const backup = backupOf(file);
  const take = (path: Path, address: string | undefined, owner: string) => {
    const other = address && addresses.get(address);
    if (other && other !== owner) problem(path, `${address} is taken by ${other}`);
    else if (address) addresses.set(address, owner);
  };
  const vips = new Map(services.map(({ service, path }) => [service.vip, path]));
  for (const [vip, path] of vips) if (vip !== front) take([...path, 'vip'], vip, 'the VIP');
  const gate = routerOf(file);
  if (gate) {
    take(['router', 'front'], gate.front, 'the router');
    take(['router', 'remote'], gate.remote, 'the router');
  }
  take(['backup'], backup?.front, 'the backup');
  take(['backup'], backup?.back, 'the backup');
  take(['backup'], backup?.gateway, 'the real servers’ gateway');
  take(['client'], file.client, 'the client');
  const names = new Set(['client', ...(gate ? ['router'] : []), ...(backup ? [backupName] : [])]);
  namedServers(file).forEach(({ name, address }, index) => {
    if (name !== directorName) take(['real_servers', index, 'address'], address, name ?? `real server ${index + 1}`);
    if (name === undefined) return;
    if (names.has(name))
      problem(['real_servers', index, 'name'], `another node is called ${name} already`, 'another name');
    names.add(name);
  });
}

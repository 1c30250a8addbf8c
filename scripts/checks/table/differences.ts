import { methodNames } from '../../ipvs/methods.ts';
import type { TableService } from '../../ipvs/table.ts';
import type { Service } from '../../model/lab.ts';
import { type Plan, weightsFollowLoad } from '../../plan/plan.ts';

/** The differences between a service in a director's table and the planned one, in words. */
export function differencesOf(
  plan: Plan,
  planned: TableService,
  found: TableService,
  { destinations }: Service,
): string[] {
  const nameOf = (address: string) => destinations.find((one) => one.address === address)?.server ?? address;
  const differences: string[] = [];
  if (found.scheduler !== planned.scheduler) differences.push(`scheduler ${found.scheduler}`);
  if (found.options !== planned.options) {
    differences.push(`options ${found.options || 'none'}, planned ${planned.options || 'none'}`);
  }
  for (const server of planned.servers) {
    const name = nameOf(server.address);
    const there = found.servers.find(({ address }) => address === server.address);
    if (!there) {
      differences.push(`${name} is missing`);
      continue;
    }
    const weighed = weightsFollowLoad(plan) && server.weight > 0 && there.weight > 0;
    if (there.weight !== server.weight && !weighed)
      differences.push(`${name} has weight ${there.weight}, planned ${server.weight}`);
    if (there.forwarding !== server.forwarding) differences.push(`${name} by ${methodNames[there.forwarding]}`);
    else if (there.tunnel !== server.tunnel) differences.push(`${name} has ${there.tunnel}, planned ${server.tunnel}`);
    if (there.upper !== server.upper || there.lower !== server.lower)
      differences.push(`${name} has thresholds ${there.upper} and ${there.lower}`);
    if (there.port !== server.port) differences.push(`${name} on port ${there.port}`);
  }
  const strangers = found.servers.filter(({ address }) => !planned.servers.some((one) => one.address === address));
  return [...differences, ...strangers.map(({ address }) => `${address} is not planned`)];
}

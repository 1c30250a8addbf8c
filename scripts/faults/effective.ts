import type { Plan } from '../plan/plan.ts';
import type { Facts } from '../state/section.ts';
import { escaped, type NodeChange, type Sign } from './sign.ts';

/** What counts of a setting of IPv4 on a device: the larger of "all" and the device (IN_DEV_MAXCONF in inetdevice.h). */
export function effective(facts: Facts, setting: string, device: string): number {
  return Math.max(...['all', device].map((one) => Number(facts.of('sysctl', `net.ipv4.conf.${one}.${setting}`) ?? 0)));
}

/** The NICs of a node, by their networks. */
export function nicsOf({ nodes }: Plan, node: string): string[] {
  return nodes.filter(({ name }) => name === node).flatMap(({ nics }) => nics.map(({ network }) => network));
}

/**
 * A setting of IPv4 has another effect on a device than it had.
 * @param devices on any of these
 */
export function takesEffect(
  setting: string,
  devices: (change: NodeChange) => readonly string[],
  turned: (before: number, after: number) => boolean,
): Sign {
  return (change) => {
    const { before, after, differences } = change;
    const ill = devices(change).filter((one) =>
      turned(effective(before, setting, one), effective(after, setting, one)),
    );
    if (ill.length === 0) return [];
    const keys = new RegExp(`^net\\.ipv4\\.conf\\.(all|${ill.map(escaped).join('|')})\\.${setting}$`);
    return differences.filter(({ section, key }) => section === 'sysctl' && keys.test(key));
  };
}

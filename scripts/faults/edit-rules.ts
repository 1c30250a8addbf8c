import { ipvsadmName, tableOf } from '../ipvs/rules.ts';
import { formatRules, type TableServer } from '../ipvs/table.ts';
import type { Destination, Service } from '../model/lab.ts';
import { sh } from './sh.ts';

/** The command `ipvsadm -e` that changes a value of a real server and leaves the others as planned. */
export function editServer(service: Service, { address }: Destination, change: Partial<TableServer>): string {
  const table = tableOf(service);
  const servers = table.servers.filter((one) => one.address === address).map((one) => ({ ...one, ...change }));
  const [, line = ''] = formatRules([{ ...table, servers }]).split('\n');
  return sh`ipvsadm ${line.replace(/^-a/, '-e').split(' ')}`;
}

/** The command `ipvsadm -D`; it does nothing when there is no such service. */
export function deleteService(service: Service): string {
  const name = ipvsadmName(service).split(' ');
  return sh`if ipvsadm -Ln ${name} > /dev/null 2>&1; then ipvsadm -D ${name}; fi`;
}

import { tableOf } from '../ipvs/rules.ts';
import { formatRules } from '../ipvs/table.ts';
import type { PlannedService } from '../plan/plan.ts';
import { shellQuote } from '../render/shell-quote.ts';

/** ipvsadm's command for one real server of a service: adds it as planned, gives it a weight, or removes it. */
export function addServer(service: PlannedService, server: string): string {
  return ipvsadm(lineOf(service, server));
}

export function weighServer(service: PlannedService, server: string, weight: number): string {
  return ipvsadm(
    lineOf(service, server)
      .replace(/^-a/, '-e')
      .replace(/ -w \d+/, ` -w ${weight}`),
  );
}

export function removeServer(service: PlannedService, server: string): string {
  return ipvsadm(
    lineOf(service, server)
      .replace(/^-a/, '-d')
      .replace(/( -r \S+).*/, '$1'),
  );
}

function lineOf(service: PlannedService, server: string): string {
  const destinations = service.destinations.filter((one) => one.server === server);
  const [, line] = formatRules([tableOf({ ...service, destinations })]).split('\n');
  if (!line) throw new Error(`no line for ${server}`);
  return line;
}

function ipvsadm(line: string): string {
  return `ipvsadm ${line.split(' ').map(shellQuote).join(' ')}`;
}

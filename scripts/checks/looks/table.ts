import { LineError } from '../../errors.ts';
import { completeTable, type TableService } from '../../ipvs/table.ts';
import type { Look } from './look.ts';
import { sections } from './sections.ts';

/** The IPVS table of each director. */
export const table: Look<TableService[]> = {
  name: 'table',
  about: 'ipvsadm -S, ipvsadm -Ln --thresholds and /proc/net/ip_vs on each director',
  on: (_plan, { role }) => (role === 'director' ? {} : undefined),
  templates: { after: 'checks/looks/table' },
  parse: (printed) => parseRules(printed.in('after')),
};

/** Empty if the output of ipvsadm cannot be parsed: such a table is not as planned either. */
export function parseRules(text: string): TableService[] {
  const part = sections(text);
  try {
    return completeTable(part.get('rules') ?? '', part.get('thresholds') ?? '', part.get('table') ?? '');
  } catch (error) {
    if (error instanceof LineError) return [];
    throw error;
  }
}

import { LineError } from '../../errors.ts';
import { methodFlags } from '../../ipvs/methods.ts';
import { completeTable, type TableServer, type TableService } from '../../ipvs/table.ts';
import { joinAddress } from '../../model/addresses.ts';
import { type Plan, weightsFollowLoad } from '../../plan/plan.ts';
import { partsOf } from '../parts.ts';
import type { Source } from '../source.ts';
import type { StateEntry } from '../state.ts';
import { unreadFact } from '../unread.ts';

/** The IPVS table as ipvsadm takes it, its time-outs and its sync daemons. */
export const ipvs: Source = {
  name: 'ipvs',
  parse: (text, { plan }) => {
    const part = partsOf(text);
    const table = tableIn(part);
    if (!table) return [unreadFact('ipvs', 'ipvsadm printed what is not understood')];
    const [, timeouts] = /: (\d+ \d+ \d+)$/m.exec(part.get('timeouts') ?? '') ?? [];
    const daemons = [...(part.get('timeouts') ?? '').matchAll(/^(\w+) sync daemon \((.*)\)$/gm)];
    return [
      ...tableFacts(table, plan),
      ...(timeouts ? [{ section: 'ipvs', key: 'timeouts', value: timeouts }] : []),
      ...daemons.map(([, key, value = '']): StateEntry => ({ section: 'ipvs', key: `daemon ${key}`, value })),
    ];
  },
};

function tableIn(part: ReadonlyMap<string, string>): TableService[] | undefined {
  try {
    return completeTable(part.get('rules') ?? '', part.get('thresholds') ?? '', '');
  } catch (error) {
    if (error instanceof LineError) return undefined;
    throw error;
  }
}

/** `-t 192.168.1.3:80` → `-s rr`, and `-t 192.168.1.3:80 -r 192.168.1.4:80` → `-g -w 1`. */
export function tableFacts(table: readonly TableService[], plan: Plan): StateEntry[] {
  return table.flatMap(({ name, scheduler, options, servers }) => [
    { section: 'ipvs', key: name, value: `-s ${scheduler} ${options}`.trim() },
    ...servers.map((server) => ({
      section: 'ipvs',
      key: `${name} -r ${joinAddress(server.address, server.port)}`,
      value: serverText(server, weightsFollowLoad(plan)),
    })),
  ]);
}

/** Health checks that set weights by load change them all the time. */
function serverText({ forwarding, weight, upper, lower, tunnel }: TableServer, weighed: boolean): string {
  return [
    methodFlags[forwarding],
    ...(weighed ? [] : [`-w ${weight}`]),
    ...(upper > 0 ? [`-x ${upper}`] : []),
    ...(lower > 0 ? [`-y ${lower}`] : []),
    ...(tunnel ? [tunnel] : []),
  ].join(' ');
}

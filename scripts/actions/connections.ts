import { ExitCode } from '../errors.ts';
import { type IpvsConnection, parseConnections, readConnections } from '../ipvs/parse.ts';
import { joinAddress } from '../model/addresses.ts';
import { columns } from '../report/columns.ts';
import { type Paint, painter, print, printJson } from '../report/output.ts';
import { withDirector } from './ask-director.ts';
import type { Globals } from './globals.ts';

/** lab connections NAME: the director's connection table. The entries that expire first come first. */
export function connections(name: string, globals: Globals): Promise<number> {
  return withDirector(name, globals, async (director) => {
    const all = parseConnections(await director.sh(readConnections)).sort((a, b) => a.expires - b.expires);
    if (globals.json) {
      printJson({ schema: 'lvs-lab/connections/1', lab: director.lab, connections: all.map((one) => ({ ...one })) });
      return ExitCode.ok;
    }
    print(all.length > 0 ? connectionsText(all, painter(process.stdout)) : 'the director’s connection table is empty');
    return ExitCode.ok;
  });
}

/** A table for each virtual service. */
export function connectionsText(all: readonly IpvsConnection[], paint: Paint): string {
  const serviceOf = ({ protocol, vip, port }: IpvsConnection) => `${protocol} ${joinAddress(vip, port)}`;
  const head = ['client', 'real server', 'state', 'expires in'].map((word) => paint('dim', word));
  const table = (some: readonly IpvsConnection[]) => {
    const rows = some.map((one) => [
      // A persistent client's template has no port.
      one.clientPort === 0 ? `${one.client} (bound)` : joinAddress(one.client, one.clientPort),
      joinAddress(one.realServer, one.realPort),
      one.state,
      `${one.expires} s`,
    ]);
    return columns([head, ...rows]);
  };
  return [...new Set(all.map(serviceOf))]
    .map((service) => `${paint('bold', service)}\n${table(all.filter((one) => serviceOf(one) === service))}`)
    .join('\n\n');
}

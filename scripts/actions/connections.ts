import { ExitCode } from '../errors.ts';
import { parseConnections, readConnections } from '../ipvs/parse.ts';
import { joinAddress } from '../model/addresses.ts';
import { columns } from '../report/columns.ts';
import { painter, print, printJson } from '../report/output.ts';
import { withDirector } from './ask-director.ts';
import type { Globals } from './globals.ts';

/** lab connections NAME: what the director remembers of each connection, the one to be forgotten first on top. */
export function connections(name: string, globals: Globals): Promise<number> {
  return withDirector(name, async (director) => {
    const all = parseConnections(await director.sh(readConnections)).sort((a, b) => a.expires - b.expires);
    if (globals.json) {
      printJson({ schema: 'lvs-lab/connections/1', lab: director.lab, connections: all.map((one) => ({ ...one })) });
      return ExitCode.ok;
    }
    const paint = painter(process.stdout);
    const head = ['', 'client', 'virtual', 'real server', 'state', 'forgotten in'].map((word) => paint('dim', word));
    const rows = all.map((one) => [
      one.protocol,
      // A persistent client's template has no port.
      one.clientPort === 0 ? `${one.client} (bound)` : joinAddress(one.client, one.clientPort),
      joinAddress(one.vip, one.port),
      joinAddress(one.realServer, one.realPort),
      one.state,
      `${one.expires} s`,
    ]);
    print(rows.length > 0 ? columns([head, ...rows]) : 'the director remembers no connection');
    return ExitCode.ok;
  });
}

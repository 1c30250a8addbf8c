import { setTimeout as pause } from 'node:timers/promises';
import { ExitCode } from '../errors.ts';
import { parseStats, type ServerStats, type ServiceStats } from '../ipvs/stats.ts';
import { columns } from '../report/columns.ts';
import { type Paint, painter, print, printJson } from '../report/output.ts';
import { type Director, withDirector } from './ask-director.ts';
import type { Globals } from './globals.ts';

interface Stats {
  counters: ServiceStats[];
  /** The same a second, as the kernel estimates it. */
  rates: ServiceStats[];
}

/** How often --watch looks; the kernel estimates rates anew every two seconds. */
const watchEveryMs = 2000;

/** lab stats NAME: connections, packets and bytes of each service and real server, and their rates. */
export function stats(name: string, options: { watch: boolean }, globals: Globals): Promise<number> {
  return withDirector(name, async (director) => {
    for (;;) {
      const seen = await look(director);
      if (globals.json) printJson({ schema: 'lvs-lab/stats/1', lab: director.lab, ...seen });
      else {
        const clear = options.watch && process.stdout.isTTY ? '\u001b[H\u001b[2J' : '';
        print(clear + statsText(seen, painter(process.stdout)));
      }
      if (!options.watch) return ExitCode.ok;
      await pause(watchEveryMs);
    }
  });
}

async function look(director: Director): Promise<Stats> {
  return {
    counters: parseStats(await director.sh('ipvsadm -Ln --stats --exact')),
    rates: parseStats(await director.sh('ipvsadm -Ln --rate --exact')),
  };
}

function statsText({ counters, rates }: Stats, paint: Paint): string {
  const head = ['', 'connections', 'packets in', 'out', 'bytes in', 'out', 'connections/s', 'bytes/s in', 'out'];
  const cells = (name: string, now: Omit<ServerStats, 'server'>, rate: Omit<ServerStats, 'server'> | undefined) => [
    name,
    ...[now.connections, now.inPackets, now.outPackets, now.inBytes, now.outBytes].map(String),
    ...[rate?.connections ?? 0, rate?.inBytes ?? 0, rate?.outBytes ?? 0].map(String),
  ];
  const rows = counters.flatMap((service) => {
    const rate = rates.find((one) => one.service === service.service);
    return [
      cells(paint('bold', service.service), service, rate),
      ...service.servers.map((server) =>
        cells(
          `  ${server.server}`,
          server,
          rate?.servers.find((one) => one.server === server.server),
        ),
      ),
    ];
  });
  return rows.length > 0 ? columns([head.map((word) => paint('dim', word)), ...rows]) : 'the table is empty';
}

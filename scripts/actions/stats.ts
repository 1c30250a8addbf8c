import { setTimeout as pause } from 'node:timers/promises';
import { ExitCode } from '../errors.ts';
import { parseStats, type ServerStats, type ServiceStats } from '../ipvs/stats.ts';
import { columns } from '../report/columns.ts';
import { type Paint, painter, print, printJson } from '../report/output.ts';
import { type Director, withDirector } from './ask-director.ts';
import type { Globals } from './globals.ts';

interface Stats {
  counters: ServiceStats[];
  /** The same for each second, as the kernel estimates it. */
  rates: ServiceStats[];
}

/** How often --watch repeats: the kernel updates its estimates every two seconds. */
const watchEveryMs = 2000;

/** lab stats NAME: connections, packets and bytes of each service and real server, and their rates. */
export function stats(name: string, options: { watch: boolean }, globals: Globals): Promise<number> {
  return withDirector(name, globals, async (director) => {
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

/** Two tables: totals, and rates. */
export function statsText({ counters, rates }: Stats, paint: Paint): string {
  if (counters.length === 0) return 'the table is empty';
  const table = (services: readonly ServiceStats[], title: string) => {
    const head = [title, 'connections', 'packets in', 'out', 'bytes in', 'out'];
    const rows = services.flatMap((service) => [
      [paint('bold', service.service), ...numbersOf(service)],
      ...service.servers.map((server) => [`  ${server.server}`, ...numbersOf(server)]),
    ]);
    return columns([head.map((word) => paint('dim', word)), ...rows]);
  };
  return `${table(counters, 'total')}\n\n${table(rates, 'each second')}`;
}

function numbersOf({ connections, inPackets, outPackets, inBytes, outBytes }: Omit<ServerStats, 'server'>): string[] {
  return [connections, inPackets, outPackets, inBytes, outBytes].map(String);
}

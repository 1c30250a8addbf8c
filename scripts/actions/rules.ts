import { text as readAll } from 'node:stream/consumers';
import { countOf } from '../count-of.ts';
import { ExitCode, LineError, UsageError } from '../errors.ts';
import { namedBy } from '../host/lab-files.ts';
import { methodNames } from '../ipvs/methods.ts';
import { type IpvsService, parseTable } from '../ipvs/parse.ts';
import { completeTable, formatRules, nameOf, parseRules, type TableService } from '../ipvs/table.ts';
import { joinAddress } from '../model/addresses.ts';
import { labArgument } from '../render/lab-argument.ts';
import { columns } from '../report/columns.ts';
import { type Paint, painter, print, printJson } from '../report/output.ts';
import { type Director, withDirector } from './ask-director.ts';
import type { Globals } from './globals.ts';

/** lab rules show NAME: the director's table, in the order that schedulers use. */
export function show(name: string, globals: Globals): Promise<number> {
  return withDirector(name, globals, async (director) => {
    const table = await readTable(director);
    const counts = parseTable(await director.sh('cat /proc/net/ip_vs'));
    if (globals.json) printJson({ schema: 'lvs-lab/rules/1', lab: director.lab, services: table });
    else print(table.length > 0 ? tableText(table, counts, painter(process.stdout)) : 'the table is empty');
    return ExitCode.ok;
  });
}

/** lab rules save NAME: the table as ipvsadm-save writes it, with thresholds and in the kernel's order. */
export function save(name: string, globals: Globals): Promise<number> {
  return withDirector(name, globals, async (director) => {
    const text = formatRules(await readTable(director));
    if (globals.json) printJson({ schema: 'lvs-lab/rules-save/1', lab: director.lab, text });
    else print(text.trimEnd());
    return ExitCode.ok;
  });
}

/** lab rules restore NAME < FILE: replaces the table. A text with a mistake changes nothing. */
export async function restore(name: string, globals: Globals): Promise<number> {
  if (process.stdin.isTTY)
    throw new UsageError('rules are read from stdin, and stdin is a terminal', {
      tryThis: `lab rules restore ${labArgument(namedBy(name))} < rules.txt`,
    });
  const services = readRules(await readAll(process.stdin));
  if (services.length === 0) {
    throw new UsageError('there is no -A line on stdin', { tryThis: `lab rules clear ${labArgument(namedBy(name))}` });
  }
  return withDirector(name, globals, async (director) => {
    const before = formatRules(await readTable(director));
    await director.sh(replaceTable, `${formatRules(services)}@@old\n${before}`);
    return done(director, services.length, 'restored', globals);
  });
}

/**
 * Runs to its end on the director, even if this connection is lost. ipvsadm continues after a line that the kernel refuses,
 * and its exit code is that of the last line. So any output of ipvsadm means failure, and the old table is restored.
 */
const replaceTable = `sh -c '
  trap "" HUP
  work=$(mktemp -d) && cat > "$work/both" || exit
  sed "/^@@old$/,\\$d" "$work/both" > "$work/new"
  sed "1,/^@@old$/d" "$work/both" > "$work/old"
  ipvsadm --clear
  said=$(ipvsadm --restore < "$work/new" 2>&1) && [ -z "$said" ]
  code=$?
  if [ "$code" -ne 0 ]; then
    ipvsadm --clear
    ipvsadm --restore < "$work/old"
    echo "$said" >&2
  fi
  rm -rf "$work"
  exit "$code"
'`;

/** lab rules clear NAME */
export function clear(name: string, globals: Globals): Promise<number> {
  return withDirector(name, globals, async (director) => {
    const before = await readTable(director);
    await director.sh('ipvsadm --clear');
    return done(director, before.length, 'cleared', globals);
  });
}

async function readTable(director: Director): Promise<TableService[]> {
  const [saved, thresholds, proc] = [
    await director.sh('ipvsadm-save -n'),
    await director.sh('ipvsadm -Ln --thresholds'),
    await director.sh('cat /proc/net/ip_vs'),
  ];
  return completeTable(saved, thresholds, proc);
}

/** @throws UsageError naming the line */
function readRules(text: string): TableService[] {
  try {
    return parseRules(text);
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
    throw new UsageError(`line ${error.line} of the rules: ${error.message}`, {
      cause: 'lines must be in the format of ipvsadm-save -n; nothing was changed',
    });
  }
}

function done(director: Director, services: number, what: string, globals: Globals): number {
  if (globals.json) printJson({ schema: 'lvs-lab/rules-change/1', lab: director.lab, [what]: services });
  else print(`lab ${director.lab}: ${countOf(services, 'service')} ${what}`);
  return ExitCode.ok;
}

function tableText(table: readonly TableService[], counts: readonly IpvsService[], paint: Paint): string {
  return table
    .map((service) => {
      const kernel = counts.find((one) => nameOf(one) === service.name)?.destinations ?? [];
      const head = ['real server', 'forwarding', 'weight', 'upper', 'lower', 'active', 'inactive', ''];
      const rows = [...service.servers].reverse().map((server) => {
        const { address, port, forwarding, weight, upper, lower, tunnel } = server;
        const now = kernel.find((one) => one.address === address && one.port === port);
        return [
          joinAddress(address, port),
          methodNames[forwarding],
          ...[weight, upper || '–', lower || '–', now?.active ?? '–', now?.inactive ?? '–'].map(String),
          paint('dim', tunnel),
        ];
      });
      const title = [paint('bold', service.name), service.scheduler, service.options].filter(Boolean).join('  ');
      return `${title}\n${columns([head.map((word) => paint('dim', word)), ...rows])}`;
    })
    .join('\n\n');
}

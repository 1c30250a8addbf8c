import { countOf } from '../count-of.ts';
import { ExitCode, UnreadableLabFileError, UsageError } from '../errors.ts';
import { readGivenFile, UnreadableError } from '../host/given-file.ts';
import { readIncluded, withIncluded } from '../host/included-files.ts';
import { differencesOf, type Sides } from '../import/differences.ts';
import { importedServices } from '../import/import.ts';
import type { ImportedServer, ImportedService } from '../import/imported.ts';
import { keepalived } from '../import/readers/keepalived/keepalived.ts';
import type { Source } from '../import/statement.ts';
import { printable } from '../import/wording.ts';
import { shellQuote } from '../render/shell-quote.ts';
import { print, printJson, screenLook } from '../report/output.ts';
import { beside } from '../report/wrap.ts';
import { withDirector } from './ask-director.ts';
import type { Globals } from './globals.ts';

export interface TryConfigOptions {
  configId?: string | undefined;
}

/** What keepalived made of a configuration, held against what import reads. */
export interface SecondOpinion {
  /** Services that import reads. */
  services: number;
  /** A sentence each. */
  differences: string[];
  /** What keepalived says of lines that it does not take. */
  complaints: string[];
}

const sides: Sides = { live: 'the table that keepalived made', configured: 'what lab import reads' };

/** The most complaints on the screen. */
const most = 8;

/** lab try-config NAME FILE: whether keepalived understands a keepalived.conf as lab import does. */
export async function tryConfig(
  name: string,
  path: string,
  options: TryConfigOptions,
  globals: Globals,
): Promise<number> {
  const source = await read(path);
  const included = await readIncluded([source]);
  const configured = importedServices([source], { ...options, included });
  const found = await withDirector(name, globals, async ({ lab, sh }) => {
    const output = await sh(tryScript(options.configId), withIncluded(source, included));
    return { lab, ...opinionOf(configured, output) };
  });
  if (globals.json) printJson({ schema: 'lvs-lab/try-config/1', file: path, ...found });
  else print(opinionText(found, screenLook().width));
  return found.differences.length === 0 ? ExitCode.ok : ExitCode.checkFailed;
}

async function read(path: string): Promise<Source> {
  try {
    const source = { name: path, text: await readGivenFile(path, { pipe: true }) };
    if (keepalived.sign.test(source.text)) return source;
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    throw new UnreadableLabFileError(`${path}: ${error.message}`, { tryThis: 'lab help try-config' });
  }
  throw new UsageError(`${path} is no keepalived.conf`, {
    cause: 'it has no virtual_server, vrrp_instance or global_defs',
    tryThis: 'lab import, which reads other files as well',
  });
}

/**
 * Shell text that lets keepalived read the configuration on stdin in a network namespace of its own, and prints the table that it made.
 * Every packet for a real server goes to a device that drops it, so no health check has decided anything when the table is read.
 */
export function tryScript(configId: string | undefined): string {
  const choice = configId === undefined ? '' : ` --config-id=${shellQuote(configId)}`;
  return `set -u
work=$(mktemp -d)
space=lvs-lab-try-$$
inside() { ip netns exec "$space" "$@"; }
ended() { [ -z "$(ip netns pids "$space")" ]; }
end() {
  for signal in TERM KILL; do
    ended || ip netns pids "$space" | xargs kill "-$signal" 2> /dev/null
    tries=25
    until ended || [ "$tries" -eq 0 ]; do
      tries=$((tries - 1))
      sleep 0.2
    done
  done
  ip netns del "$space"
  [ "$mounted" -gt 0 ] || umount /run/netns
  tries=25
  until [ -z "$(loaded)" ] || [ "$tries" -eq 0 ]; do
    loaded | xargs modprobe --remove --all --quiet 2> /dev/null
    tries=$((tries - 1))
    sleep 0.2
  done
  rm -rf "$work"
}
modules() { cut -d ' ' -f 1 /proc/modules | sort; }
loaded() { modules | comm -13 "$work/modules" -; }
modules > "$work/modules"
mounted=$(grep -c ' /run/netns ' /proc/mounts)
trap end EXIT
ip netns add "$space" || exit
trap 'exit 1' HUP INT TERM PIPE
cat > "$work/keepalived.conf"
modprobe -a ip_vs dummy
inside ip link set lo up
inside ip link add sink type dummy
inside ip address add 198.18.213.7/32 dev sink
inside ip address add fdb5:a8:213::7/128 dev sink nodad
inside ip link set sink up
inside ip route add default dev sink
inside ip -6 route add default dev sink
inside keepalived --check --dont-fork --log-console --use-file="$work/keepalived.conf"${choice} \\
  --pid="$work/pid" --checkers_pid="$work/checkers" > "$work/log" 2>&1 &
table='' tries=60
while [ "$tries" -gt 0 ] && kill -0 $! 2> /dev/null; do
  before=$table
  table=$(inside ipvsadm-save -n)
  [ -z "$table" ] || [ "$table" != "$before" ] || break
  tries=$((tries - 1))
  sleep 0.2
done
printf '%s\\n@@log\\n' "$table"
cat "$work/log"
`;
}

/**
 * Compares. A real server that waits for its first check (alpha) may be in the table, with weight 0, or not; and so may the sorry server.
 */
export function opinionOf(configured: readonly ImportedService[], output: string): SecondOpinion {
  const [table = '', log = ''] = output.split('@@log\n');
  const none = () => 'a table includes nothing';
  const live = table.trim() === '' ? [] : importedServices([{ name: 'keepalived', text: table }], { included: none });
  const waits = (server: ImportedServer) => server.checks.some(({ alpha }) => alpha.value);
  const regular = configured.flatMap(({ servers }) =>
    servers.filter((one) => !waits(one)).map(({ address }) => address),
  );
  const maybeThere = configured.flatMap(({ servers, watch }) => [
    ...servers.filter(waits).map(({ address }) => address),
    ...(watch?.sorry ? [watch.sorry.value] : []),
  ]);
  const passedOver = new Set(maybeThere.filter((address) => !regular.includes(address)));
  const counted = (services: readonly ImportedService[]) =>
    services.map((one) => ({ ...one, servers: one.servers.filter(({ address }) => !passedOver.has(address)) }));
  return {
    services: configured.length,
    differences: differencesOf(counted(configured), counted(live), sides),
    complaints: complaintsIn(log),
  };
}

/** Lines of keepalived's log about the configuration: they name a line of it, or a word that it does not know. */
function complaintsIn(log: string): string[] {
  const lines = log
    .split('\n')
    .map((line) => line.replace(/^\w{3} \w{3} [\d :]+: /, '').replace(/^\(\/tmp\/\S+: (?=Line \d+\))/, '('));
  const ofConfiguration = /^\(Line \d+\)|[Uu]nknown|not valid|invalid|permanent error/;
  return [...new Set(lines.filter((line) => ofConfiguration.test(line)).map(printable))];
}

export function opinionText(
  { services, differences, complaints, lab }: SecondOpinion & { lab: string },
  width: number,
): string {
  const read = countOf(services, 'service');
  const head =
    differences.length === 0
      ? `keepalived on the director of ${lab} makes the table of ${read} as lab import reads it`
      : `keepalived on the director of ${lab} makes a table of ${read} that differs from what lab import reads:`;
  const more = complaints.length > most ? [`${complaints.length - most} more lines: --json shows them`] : [];
  const said =
    complaints.length > 0
      ? ['keepalived says:', ...[...complaints.slice(0, most), ...more].map((one) => `  ${one}`)]
      : [];
  return [
    beside('  ', head, width),
    ...differences.map((one) => beside('  ✗ ', one, width)),
    ...said.map((one) => beside('  ', one, width)),
  ].join('\n');
}

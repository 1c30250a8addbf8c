import type { Filter } from './nft-ruleset.ts';

/** Tables of iptables-legacy, ip6tables-legacy or arptables-legacy, which nft does not show. */
export interface LegacyTables {
  family: 'ip' | 'ip6' | 'arp';
  tables: string[];
  /** What they drop or reject; undefined where no program can read them. */
  filters: Filter[] | undefined;
  /** They have rules, or a policy that drops. */
  used: boolean;
}

/** Below a line `@@legacy FAMILY TABLE…` what iptables-legacy-save prints: `*filter`, `:INPUT DROP [0:0]`, `-A INPUT … -j DROP`. */
export function parseLegacy(text: string): LegacyTables[] {
  return text
    .split(/^@@legacy /m)
    .slice(1)
    .map((part) => {
      const [head = '', ...lines] = part.split('\n');
      const [family = '', ...tables] = head.split(' ');
      const readable = lines.some((line) => line.startsWith('*'));
      const filters = readable ? filtersIn(family, lines) : undefined;
      const used = !readable || filters?.length !== 0 || lines.some((line) => line.startsWith('-A '));
      return { family: family as LegacyTables['family'], tables, filters, used };
    });
}

function filtersIn(family: string, lines: readonly string[]): Filter[] {
  let table = '';
  return lines.flatMap((line): Filter[] => {
    if (line.startsWith('*')) table = line.slice(1).trim();
    const [, policy = ''] = /^:(\S+) DROP /.exec(line) ?? [];
    const [, chain = ''] = /^-A (\S+) .*-j (?:DROP|REJECT)\b/.exec(line) ?? [];
    const place = policy || chain;
    if (!place) return [];
    const built = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'].includes(place);
    // Packets get to a chain of somebody's own by a jump from any other.
    const hook = built ? place.toLowerCase() : 'input';
    const program = `${family}tables-legacy -t ${table}`;
    return [
      {
        table: `${family} ${table}`,
        chain: place,
        hook,
        what: policy ? 'policy drop' : line.trim(),
        remove: policy ? `${program} -P ${place} ACCEPT` : `${program} ${line.trim().replace(/^-A/, '-D')}`,
      },
    ];
  });
}
